import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { standaloneLog } from '../../embedded/test/standaloneLog.js';

/** One measured figure. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number;
  readonly met: boolean;
}

const inFlight = 64;
const appends = { warmUp: 3_000, measured: 10_000 };
const backlog = { calls: 400, eventsPerCall: 100 };
const credentials = { username: 'bench', password: 'bench' };
const event = () => jsonEvent({ type: 'Benched', data: { filling: 'x'.repeat(260) } });

/**
 * The log server alone, fsync on, against one client, both on the cores of this machine: durable appends of one event to
 * new streams, and a subscription that catches up from the start. Events of about 280 bytes of data.
 */
export async function eventStoreBench(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ums-bench-'));
  const server = standaloneLog('--port', '0', '--data', folder);
  try {
    const client = EventStoreDBClient.connectionString(await server.ready);
    await append(client, appends.warmUp);
    const appended = await append(client, appends.measured);
    for (let call = 0; call < backlog.calls; call += 1)
      await client.appendToStream(`backlog-${call % 8}`, Array.from({ length: backlog.eventsPerCall }, event), {
        credentials,
      });
    await catchUp(client);
    const caughtUp = await catchUp(client);
    await client.dispose();
    return [
      row('log server: durable appends at 64 in flight', appended, 2_000),
      row('log server: catch-up', caughtUp, 15_000),
    ];
  } finally {
    server.process.kill('SIGTERM');
    await server.ended;
    await rm(folder, { recursive: true, force: true });
  }
}

const row = (name: string, perSecond: number, target: number): Row => ({
  name,
  value: Math.round(perSecond),
  unit: '1/s',
  target,
  met: perSecond >= target,
});

const rate = (count: number, since: number) => (count * 1000) / (performance.now() - since);

async function append(client: EventStoreDBClient, count: number): Promise<number> {
  const since = performance.now();
  let left = count;
  const writer = async () => {
    while (left > 0) {
      left -= 1;
      await client.appendToStream(`bench-${randomUUID()}`, event(), { expectedRevision: NO_STREAM, credentials });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, writer));
  return rate(count, since);
}

async function catchUp(client: EventStoreDBClient): Promise<number> {
  const since = performance.now();
  const subscription = client.subscribeToAll();
  let count = 0;
  subscription.on('data', () => {
    count += 1;
  });
  await new Promise((resolve, reject) => subscription.once('caughtUp', resolve).once('error', reject));
  const perSecond = rate(count, since);
  await subscription.unsubscribe();
  return perSecond;
}
