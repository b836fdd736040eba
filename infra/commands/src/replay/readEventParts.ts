import type { AuditEventBody } from '@ums/contracts/http/auditEvents';
import type { AuditorClient } from './auditorClient.js';
import type { EventsOrder } from './replayOrder.js';
import type { ReadParts } from './resumed.js';

/** The events of a range of positions, or of a correlation id, in the order of the log. The range ends the stream, not the service. */
export const readEventParts = (client: AuditorClient, { range, correlation }: EventsOrder): ReadParts<AuditEventBody> =>
  async function* (begin) {
    const asked = { order: 'asc', correlation, after: afterIn(range?.from, begin) };
    for await (const lines of client.lines('/audit/events', asked)) {
      const events = lines.map((line) => JSON.parse(line) as AuditEventBody);
      const records = range === undefined ? events : events.filter(({ position }) => BigInt(position) <= range.to);
      const last = records.at(-1)?.position;
      if (last !== undefined) yield { records, after: last };
      if (records.length < events.length || (range !== undefined && last === String(range.to))) return;
    }
  };

/** The position behind which a range is read: that of the last event read, or the one before the range. */
const afterIn = (from = 0n, begin: string | undefined): string | undefined => {
  if (begin !== undefined && BigInt(begin) >= from) return begin;
  return from === 0n ? undefined : String(from - 1n);
};
