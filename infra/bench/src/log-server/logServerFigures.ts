import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { cpuPerOperation } from '../load/compareCosts.js';
import { runParallel } from '../load/runParallel.js';
import { type Figure, formatNumber } from '../report/figure.js';

export interface LogServerSizes {
  /** Appends before the measurement. */
  warmUp: number;
  appends: number;
  /** Further events for the catch-up of a subscription, in appends of 100. */
  backlog: number;
}

const PARALLEL_APPENDS = 64;
const EVENTS_PER_APPEND = 100;
// Without credentials per call the client would use BatchAppend, which the services do not use.
const credentials = { username: 'bench', password: 'bench' };
const event = () => jsonEvent({ type: 'Benched', data: { filling: 'x'.repeat(260) } });

/**
 * Measures the log server with one client: durable appends of single events to new streams, and a subscription that catches
 * up from the start. The data of an event is about 280 bytes.
 *
 * @param url connection string of an empty log server, because all its events are counted
 * @param cpu CPU time so far of the server and its Postgres, in ms
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
    const appendCost = await cpuPerOperation(cpu, sizes.appends, async () => {
      appended = await append(client, sizes.appends);
    });
    await runParallel({ count: Math.ceil(sizes.backlog / EVENTS_PER_APPEND), lanes: 8 }, (_, lane) =>
      client.appendToStream(`backlog-${lane}`, Array.from({ length: EVENTS_PER_APPEND }, event), { credentials }),
    );
    await catchUp(client);
    let caughtUp = 0;
    const catchUpCost = await cpuPerOperation(cpu, sizes.warmUp + sizes.appends + sizes.backlog, async () => {
      caughtUp = await catchUp(client);
    });
    return [
      {
        name: 'log server: durable appends',
        measured: appended,
        unit: '1/s',
        target: { atLeast: 2_000 },
        details: `wall clock with fsync, ${PARALLEL_APPENDS} appends in parallel, one event to each of ${sizes.appends} new streams; ${formatNumber(appendCost)} cpu-ms of the server per event; the client runs on the same cores`,
      },
      {
        name: 'log server: subscription catch-up',
        measured: caughtUp,
        unit: 'events/s',
        target: { atLeast: 15_000 },
        details: `wall clock, second run of a subscription to $all from the start; ${formatNumber(catchUpCost)} cpu-ms of the server per event; the client runs on the same cores`,
      },
    ];
  } finally {
    await client.dispose();
  }
};

const ratePerSecond = (count: number, since: number): number => (count * 1_000) / (performance.now() - since);

const append = async (client: EventStoreDBClient, count: number): Promise<number> => {
  const since = performance.now();
  await runParallel({ count, lanes: PARALLEL_APPENDS }, () =>
    client.appendToStream(`bench-${randomUUID()}`, event(), { expectedRevision: NO_STREAM, credentials }),
  );
  return ratePerSecond(count, since);
};

const catchUp = async (client: EventStoreDBClient): Promise<number> => {
  const since = performance.now();
  const subscription = client.subscribeToAll();
  let count = 0;
  subscription.on('data', () => {
    count += 1;
  });
  await new Promise((resolve, reject) => subscription.once('caughtUp', resolve).once('error', reject));
  const rate = ratePerSecond(count, since);
  await subscription.unsubscribe();
  return rate;
};
