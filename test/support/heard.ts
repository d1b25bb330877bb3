import type { Http } from './app.js';
import { until } from './until.js';

/** Waits until every consumer has heard everything; a server that sheds load meanwhile is asked again. */
export function heard(http: Http, seconds = 240): Promise<boolean> {
  return until('the consumers to have heard everything', async () => {
    const [consumers, events] = [await http.get('/v1/consumers'), await http.get('/v1/events?after=0&limit=1')];
    if (consumers.status !== 200 || events.status !== 200) return false;
    return (events.body as { data: object[] }).data.length > 0 && (consumers.body as { data: { lag: number }[] }).data.every(({ lag }) => lag === 0);
  }, seconds);
}
