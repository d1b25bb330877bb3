import type { RecordedEvent } from '../../kernel/event.js';
import type { Id } from '../../kernel/id.js';

/**
 * Cuts a batch before each event that tells of a record withdrawn earlier in it: a file that was taken out brings records
 * back under their own ids. Within a part nothing follows about what is withdrawn, so a part may be written first and
 * cleared of the withdrawn afterwards.
 * @param withdraws what the event says is gone
 * @param tellsOf what else it tells of
 */
export function cutAtReturns(events: readonly RecordedEvent[], withdraws: (event: RecordedEvent) => Id | undefined, tellsOf: (event: RecordedEvent) => readonly Id[]): RecordedEvent[][] {
  const parts: RecordedEvent[][] = [[]];
  const gone = new Set<Id>();
  for (const event of events) {
    if (tellsOf(event).some((id) => gone.has(id))) {
      parts.push([]);
      gone.clear();
    }
    parts.at(-1)!.push(event);
    const withdrawn = withdraws(event);
    if (withdrawn !== undefined) gone.add(withdrawn);
  }
  return parts;
}
