import type { AuditEventBody, AuditEventPage } from '@ums/contracts/http/auditEvents';
import type { AuditorClient } from './auditorClient.js';
import { Interruption } from './interruption.js';
import type { EventsOrder } from './replayOrder.js';
import type { ReadParts } from './resumed.js';

/**
 * The events of a range of positions, or of a correlation id, in the order of the log. The range ends the stream, not the service.
 * Oldest first, the service ends a few seconds before its newest event (decision 62); the replay waits for those.
 */
export const readEventParts = (client: AuditorClient, { range, correlation }: EventsOrder): ReadParts<AuditEventBody> =>
  async function* (begin) {
    const first = afterIn(range?.from, begin);
    let after = first;
    for await (const lines of client.lines('/audit/events', { order: 'asc', correlation, after: first })) {
      const events = lines.map((line) => JSON.parse(line) as AuditEventBody);
      const records = range === undefined ? events : events.filter(({ position }) => BigInt(position) <= range.to);
      const last = records.at(-1)?.position;
      if (last !== undefined) {
        after = last;
        yield { records, after };
      }
      if (records.length < events.length || (range !== undefined && last === String(range.to))) return;
    }
    const newest = await newestOf(client, { range, correlation });
    if (newest !== undefined && newest > BigInt(after ?? -1))
      throw new Interruption('The feed of events does not lead to its newest event yet.');
  };

/** As many digits as a position has. */
const HIGHEST = 10n ** 20n - 1n;

/** The position of the newest event that the feed has, wherever it is whole; `undefined` where it has none. */
const newestOf = async (
  client: AuditorClient,
  { range, correlation }: Pick<EventsOrder, 'range' | 'correlation'>,
): Promise<bigint | undefined> => {
  const after = range === undefined || range.to >= HIGHEST ? undefined : String(range.to + 1n);
  const asked = { order: 'desc', limit: '1', correlation, after };
  const { items } = await client.json<AuditEventPage>('/audit/events', asked);
  return items[0] && BigInt(items[0].position);
};

/** The position behind which a range is read: that of the last event read, or the one before the range. */
const afterIn = (from = 0n, begin: string | undefined): string | undefined => {
  if (begin !== undefined && BigInt(begin) >= from) return begin;
  return from === 0n ? undefined : String(from - 1n);
};
