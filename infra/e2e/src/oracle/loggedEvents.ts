import { EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';

/** An event as stored, with sealed fields. */
export interface LoggedEvent {
  id: string;
  stream: string;
  type: string;
  revision: bigint;
  position: bigint;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** Reads the whole log except system events. @param url connection string of the event log */
export const loggedEvents = async (url: string): Promise<LoggedEvent[]> => {
  const client = EventStoreDBClient.connectionString(url);
  try {
    const events: LoggedEvent[] = [];
    for await (const { event } of client.readAll({ direction: FORWARDS, fromPosition: START })) {
      if (event === undefined || event.type.startsWith('$')) continue;
      const { id, streamId: stream, type, revision, position, data, metadata } = event;
      const record = { data, metadata } as Pick<LoggedEvent, 'data' | 'metadata'>;
      events.push({ id, stream, type, revision, position: position?.commit ?? -1n, ...record });
    }
    return events;
  } finally {
    await client.dispose();
  }
};

/** Inconsistencies of the log itself: repeated ids, positions that do not increase, gaps in streams. */
export const logDifferences = (events: readonly LoggedEvent[]): string[] => {
  const differences: string[] = [];
  const ids = new Set<string>();
  const heads = new Map<string, bigint>();
  let last = -1n;
  for (const { id, stream, revision, position } of events) {
    if (ids.has(id)) differences.push(`event ${id}: id repeated`);
    if (position <= last) differences.push(`event ${id}: position does not increase`);
    if (revision !== (heads.get(stream) ?? -1n) + 1n) differences.push(`event ${id}: gap before its revision`);
    ids.add(id);
    heads.set(stream, revision);
    last = position;
  }
  return differences;
};
