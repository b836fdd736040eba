import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { inFlight } from '../load/inFlight.js';
import { costOf } from '../load/sideBySide.js';
import { type Figure, shown } from '../report/figure.js';

export interface LogServerSizes {
  /** Before anything is measured. */
  warmUp: number;
  appends: number;
  /** Events that a subscription has to catch up with, in appends of 100. */
  backlog: number;
}

const LANES = 64;
const EVENTS_PER_APPEND = 100;
// Without credentials of its own an append takes the client's batch path, which nobody here uses.
const credentials = { username: 'bench', password: 'bench' };
const event = () => jsonEvent({ type: 'Benched', data: { filling: 'x'.repeat(260) } });

/**
 * The log server against one client: durable appends of one event to new streams, and a subscription that catches up from
 * the start. Events of about 280 bytes of data.
 *
 * @param url of a server of its own: what else is in the log would be counted too.
 * @param cpu cpu-ms so far of the server and its Postgres.
 */
export const logServerFigures = async (
  url: string,
  sizes: LogServerSizes,
  cpu: () => Promise<number>,
): Promise<Figure[]> => {
  const client = EventStoreDBClient.connectionString(url);
  try {
    await append(client, sizes.warmUp);
    let appended = 0;
    const appendCost = await costOf(cpu, sizes.appends, async () => {
      appended = await append(client, sizes.appends);
    });
    await inFlight({ count: Math.ceil(sizes.backlog / EVENTS_PER_APPEND), lanes: 8 }, (_, lane) =>
      client.appendToStream(`backlog-${lane}`, Array.from({ length: EVENTS_PER_APPEND }, event), { credentials }),
    );
    await catchUp(client);
    let caughtUp = 0;
    const catchUpCost = await costOf(cpu, sizes.warmUp + sizes.appends + sizes.backlog, async () => {
      caughtUp = await catchUp(client);
    });
    return [
      {
        name: 'log server: durable appends',
        measured: appended,
        unit: '1/s',
        target: { atLeast: 2_000 },
        how: `wall clock, fsync on, ${LANES} in flight, one event each to ${sizes.appends} new streams; ${shown(appendCost)} cpu-ms of the server each; the client runs on the same cores`,
      },
      {
        name: 'log server: catch-up',
        measured: caughtUp,
        unit: 'events/s',
        target: { atLeast: 15_000 },
        how: `wall clock, one subscription to $all from the start, second time over; ${shown(catchUpCost)} cpu-ms of the server each; the client runs on the same cores`,
      },
    ];
  } finally {
    await client.dispose();
  }
};

const perSecond = (count: number, since: number): number => (count * 1_000) / (performance.now() - since);

const append = async (client: EventStoreDBClient, count: number): Promise<number> => {
  const since = performance.now();
  await inFlight({ count, lanes: LANES }, () =>
    client.appendToStream(`bench-${randomUUID()}`, event(), { expectedRevision: NO_STREAM, credentials }),
  );
  return perSecond(count, since);
};

const catchUp = async (client: EventStoreDBClient): Promise<number> => {
  const since = performance.now();
  const subscription = client.subscribeToAll();
  let count = 0;
  subscription.on('data', () => {
    count += 1;
  });
  await new Promise((resolve, reject) => subscription.once('caughtUp', resolve).once('error', reject));
  const rate = perSecond(count, since);
  await subscription.unsubscribe();
  return rate;
};
