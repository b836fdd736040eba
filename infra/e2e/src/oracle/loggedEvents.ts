import { EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';

/** An event as the log gives it, nothing interpreted. */
export interface Logged {
  id: string;
  stream: string;
  type: string;
  revision: bigint;
  position: bigint;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** Reads the whole log, system events left out. @param url connection string of the event log. */
export const loggedEvents = async (url: string): Promise<Logged[]> => {
  const client = EventStoreDBClient.connectionString(url);
  try {
    const events: Logged[] = [];
    for await (const { event } of client.readAll({ direction: FORWARDS, fromPosition: START })) {
      if (event === undefined || event.type.startsWith('$')) continue;
      const { id, streamId: stream, type, revision, position, data, metadata } = event;
      const record = { data, metadata } as Pick<Logged, 'data' | 'metadata'>;
      events.push({ id, stream, type, revision, position: position?.commit ?? -1n, ...record });
    }
    return events;
  } finally {
    await client.dispose();
  }
};

/** In what a log is none: ids twice, positions that do not rise, streams with gaps. */
export const faultsOfLog = (events: readonly Logged[]): string[] => {
  const faults: string[] = [];
  const ids = new Set<string>();
  const heads = new Map<string, bigint>();
  let last = -1n;
  for (const { id, stream, revision, position } of events) {
    if (ids.has(id)) faults.push(`event ${id}: twice in the log`);
    if (position <= last) faults.push(`event ${id}: position does not rise`);
    if (revision !== (heads.get(stream) ?? -1n) + 1n) faults.push(`event ${id}: revision leaves a gap`);
    ids.add(id);
    heads.set(stream, revision);
    last = position;
  }
  return faults;
};
