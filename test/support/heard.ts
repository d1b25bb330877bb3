import type { Http } from './app.js';
import { until } from './until.js';

/** Waits until every consumer has heard everything. */
export function heard(http: Http, seconds = 240): Promise<boolean> {
  return until('the consumers to have heard everything', async () => {
    const { body } = await http.get('/v1/consumers').expect(200);
    const { body: events } = await http.get('/v1/events?after=0&limit=1').expect(200);
    return events.data.length > 0 && (body as { data: { lag: number }[] }).data.every(({ lag }) => lag === 0);
  }, seconds);
}
