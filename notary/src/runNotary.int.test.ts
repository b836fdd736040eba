import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { rootAt } from '@ums/contracts/tree/proofs';
import { ANY, LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { Log } from '@ums/kit/log';
import { patientPool } from '../../infra/kit/test/patientPool.js';
import { until } from '../../infra/kit/test/until.js';
import { type MemoryPlace, memoryPlace } from '../test/memoryPlace.js';
import { anEvent, createWorld, expectedRoot, type World } from '../test/world.js';
import { notaryMetrics } from './checkpoint/notaryMetrics.js';
import { parseNotes } from './note/signedNote.js';
import { type ActiveNotary, runNotary } from './runNotary.js';

const AT_ONCE = { grownSeconds: 0, anywaySeconds: 1e9 };

let world: World;
let running: ActiveNotary[];
let lines: string[];
beforeEach(async () => {
  world = await createWorld();
  [running, lines] = [[], []];
});
afterEach(async () => {
  await Promise.all(running.map(({ stop }) => stop()));
  await world.close();
});

const write = (message: string): void => void lines.push(message);
const log: Log = { info: () => undefined, warn: write, error: write, child: () => log };

const run = (places: readonly MemoryPlace[], change: object = {}): ActiveNotary => {
  const deps = { ...world, places, metrics: notaryMetrics(), log, times: AT_ONCE, everyMs: 5 };
  const notary = runNotary({ ...deps, ...change });
  running.push(notary);
  return notary;
};
const sizesIn = ({ notes }: MemoryPlace): number[] => notes.flatMap(parseNotes).map(({ head }) => head.size);
const untilSigned = (place: MemoryPlace, size: number) => until(() => sizesIn(place).at(-1) === size);

describe('runNotary', () => {
  it('publishes the checkpoints of a growing log at all places', async () => {
    const places = [memoryPlace('a'), memoryPlace('b')] as const;
    const notary = run(places);
    await world.append(10);
    for (const place of places) await untilSigned(place, 11);
    await world.append(300);
    for (const place of places) await untilSigned(place, 311);
    expect(parseNotes(places[0].notes.at(-1) ?? '')[0]?.head.root).toEqual(await expectedRoot(world));
    expect(notary.state()).toEqual({ tree: 'active', checkpoints: 'signing' });
    const { rows } = await world.pool.query('select line from notary.verifier_key order by place');
    expect(rows.map(({ line }) => line)).toEqual(world.keys.verifierKeys);
  });

  it('signs and publishes while a place fails, and gives it the latest checkpoint once it answers', async () => {
    const [up, down] = [memoryPlace('up'), memoryPlace('down')];
    down.setDown(true);
    run([up, down]);
    for (const count of [5, 5, 5]) {
      await world.append(count);
      await untilSigned(up, world.eventLog.events.length);
    }
    expect(down.notes).toEqual([]);
    expect(lines).toEqual(['place of checkpoints failed']);
    down.setDown(false);
    await untilSigned(down, 16);
    expect(down.notes).toHaveLength(1);
  });

  it('gives a new place the last checkpoint when it starts', async () => {
    const [old, added] = [memoryPlace('old'), memoryPlace('added')];
    await run([old]).stop();
    run([old]);
    await untilSigned(old, 1);
    await running.at(-1)?.stop();
    run([old, added], { times: { grownSeconds: 1e9, anywaySeconds: 1e9 } });
    await untilSigned(added, 1);
    expect(old.notes).toHaveLength(1);
  });

  it('signs nothing more once a checkpoint contradicts the log, and says so once, while the tree goes on', async () => {
    const place = memoryPlace('file');
    await place.publish({ size: 1, note: world.keys.signed({ origin: world.origin, size: 1, root: randomBytes(32) }) });
    const notary = run([place]);
    await until(() => notary.state().checkpoints === 'refused');
    place.notes.length = 0;
    await world.append(300);
    await until(world.isCaughtUp);
    expect(await rootAt(world.readTiles, 301)).toEqual(await expectedRoot(world));
    expect(notary.state()).toEqual({ tree: 'active', checkpoints: 'refused' });
    expect(lines).toEqual(['the log contradicts a signed checkpoint']);
    expect((await world.pool.query('select from notary.checkpoint')).rowCount).toBe(0);
  });

  it('F-14 runs in one instance, and another one takes over when it ends', async () => {
    const place = memoryPlace('place');
    const first = run([place]);
    await until(() => first.state().tree === 'active');
    const second = run([place]);
    await world.append(3);
    await untilSigned(place, 4);
    expect(second.state().tree).toBe('standby');
    await first.stop();
    await world.append(3);
    await untilSigned(place, 7);
    expect(second.state().tree).toBe('active');
  });

  it('publishes a checkpoint at once whose stored row was not acknowledged', async () => {
    const place = memoryPlace('place');
    const pool = patientPool(world.url);
    let isLost = false;
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => Promise<{ rowCount: number }>;
      const committed = async (): Promise<unknown> => {
        const answer = await query('commit');
        if (isLost || (await query('select from notary.checkpoint')).rowCount === 0) return answer;
        isLost = true;
        throw new Error('the connection was lost');
      };
      Object.assign(client, {
        query: (...args: unknown[]) => (args[0] === 'commit' ? committed() : query(...args)),
      });
    });
    run([place], { pool, times: { grownSeconds: 1e9, anywaySeconds: 1e9 } });
    await untilSigned(place, 1);
    expect(isLost).toBe(true);
    expect(lines).toContain('checkpoint not signed');
    await Promise.all(running.splice(0).map(({ stop }) => stop()));
    await pool.end();
  });

  it('tries again when the log does not answer', async () => {
    const place = memoryPlace('place');
    let isDown = true;
    const whileUp =
      <Asked extends unknown[], Answer>(call: (...asked: Asked) => Promise<Answer>) =>
      (...asked: Asked): Promise<Answer> =>
        isDown ? Promise.reject(new LogUnavailable()) : call(...asked);
    const { readStream, readAll, head } = world.eventLog;
    const reads = { readStream: whileUp(readStream), readAll: whileUp(readAll), head: whileUp(head) };
    run([place], { eventLog: { ...world.eventLog, ...reads } });
    await until(() => lines.includes('notary restarts') && lines.includes('checkpoint not signed'));
    isDown = false;
    await world.append(5);
    await untilSigned(place, 6);
  });

  it('stops for good on the log of another position', async () => {
    const notary = run([]);
    await until(world.isCaughtUp);
    await notary.stop();
    await world.pool.query('update notary.position set log_id = gen_random_uuid()');
    const stopped = run([]);
    await until(() => stopped.state().tree === 'stopped');
    expect(lines).toContain('notary stopped');
  });

  it('G-07 halts before an event that has no leaf, says where, signs what is before it, and goes on once it is gone', async () => {
    const place = memoryPlace('a');
    const metrics = notaryMetrics();
    const halted = jest.spyOn(metrics, 'halted');
    const isGone = { value: false };
    const broken = { ...anEvent('UserRenamed'), data: { name: 'half a pair: \ud83d' } };
    const readAll = jest.fn(async (...asked: Parameters<typeof world.eventLog.readAll>) => {
      const events = await world.eventLog.readAll(...asked);
      return isGone.value ? events.filter(({ id }) => id !== broken.id) : events;
    });
    const notary = run([place], { metrics, eventLog: { ...world.eventLog, readAll } });
    await world.append(3);
    const { position } = await world.eventLog.append(userStream(randomUUID()), [broken], ANY);
    await world.append(2);
    await until(() => notary.state().tree === 'halted');
    expect(notary.state()).toEqual({ tree: 'halted', checkpoints: 'signing', haltedAt: position });
    expect(halted.mock.lastCall).toEqual([position]);
    await untilSigned(place, 4);
    const readBefore = readAll.mock.calls.length;
    await until(() => readAll.mock.calls.length > readBefore + 2);
    expect(lines.filter((line) => line === 'notary halts before an event')).toHaveLength(1);
    expect(await world.size()).toBe(4);
    isGone.value = true;
    await untilSigned(place, 6);
    expect(notary.state()).toEqual({ tree: 'active', checkpoints: 'signing' });
    expect(halted.mock.lastCall).toEqual([undefined]);
  });
});
