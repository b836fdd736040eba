import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inclusionProof, rootAt } from '@ums/contracts/tree/proofs';
import { ANY, type EventLog } from '@ums/kit/event-log/eventLog';
import { naiveInclusion } from '../../../contracts/test/naiveTree.js';
import { unreliableSubscription } from '../../../infra/kit/test/unreliableSubscription.js';
import { until } from '../../../infra/kit/test/until.js';
import { anEvent, createWorld, expectedRoot, type World } from '../../test/world.js';
import { appendBatch } from './appendBatch.js';
import { followLog } from './followLog.js';
import { loadEdge, treePosition } from './treeStore.js';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** Follows the log until the tree is at its head. @returns the sizes of the batches */
const follow = async (batchLimit = 1_000, eventLog: EventLog = world.eventLog, quietMs = 1): Promise<number[]> => {
  const stop = new AbortController();
  const batches: number[] = [];
  const running = followLog(
    { ...world, eventLog, quietMs },
    stop.signal,
    batchLimit,
    (events) => void batches.push(events),
  );
  await Promise.race([running, until(world.isCaughtUp)]);
  stop.abort();
  await running;
  return batches;
};

describe('followLog', () => {
  it('has every event of the log in the tree, in the order of the log', async () => {
    await world.append(600);
    await follow();
    const leaves = await world.expectedLeaves();
    expect(leaves).toHaveLength(601);
    expect(await world.size()).toBe(601);
    expect(await rootAt(world.readTiles, 601)).toEqual(await expectedRoot(world));
    const { rows } = await world.pool.query<{ event_id: string; leaf_index: string }>(
      'select event_id, leaf_index from notary.leaf order by leaf_index',
    );
    expect(rows).toEqual(world.eventLog.events.map(({ id }, index) => ({ event_id: id, leaf_index: String(index) })));
    expect(await inclusionProof(world.readTiles, 400, 601)).toEqual(naiveInclusion(400, leaves));
  });

  it('F-12 has every event in the tree, in order, of a log whose subscriptions lose, swap and repeat some', async () => {
    const streams = [randomUUID(), randomUUID(), randomUUID()].map((id) => `user-${id}`);
    for (let turn = 0; turn < 100; turn++)
      for (const stream of streams) await world.eventLog.append(stream, [anEvent('UserRenamed')], ANY);
    let drawn = 1;
    const random = () => {
      drawn = (drawn * 37 + 11) % 1_009;
      return drawn / 1_009;
    };
    const faults = { lost: 0.05, swapped: 0.05, repeated: 0.05, random, maxFaults: 30 };
    await follow(50, unreliableSubscription(world.eventLog, faults).eventLog);
    expect(await world.size()).toBe(301);
    expect(await rootAt(world.readTiles, 301)).toEqual(await expectedRoot(world));
  });

  it('reads the log again when it has grown, and not while it is quiet', async () => {
    let reads = 0;
    const readAll: EventLog['readAll'] = (...page) => {
      reads += 1;
      return world.eventLog.readAll(...page);
    };
    const stop = new AbortController();
    const eventLog = { ...world.eventLog, readAll };
    const running = followLog({ ...world, eventLog, quietMs: 600_000 }, stop.signal, 1_000, () => undefined);
    await until(world.isCaughtUp);
    await world.append(1);
    await until(world.isCaughtUp);
    await world.append(1);
    await until(world.isCaughtUp);
    stop.abort();
    await running;
    expect(reads).toBeLessThanOrEqual(4);
  });

  it('leaves out the system events of the log, and moves past them', async () => {
    await world.append(2);
    await world.append(1, '$metadata');
    await follow();
    expect(await world.size()).toBe(3);
    expect(await world.isCaughtUp()).toBe(true);
  });

  it('goes on from where it stopped, in batches of at most the limit', async () => {
    await world.append(20);
    await follow();
    await world.append(700);
    const batches = await follow(64);
    expect(Math.max(...batches)).toBeLessThanOrEqual(64);
    expect(batches.reduce((sum, one) => sum + one, 0)).toBe(700);
    expect(await rootAt(world.readTiles, 721)).toEqual(await expectedRoot(world));
  });

  it('keeps the first leaf of an event id that another stream repeats', async () => {
    const event = anEvent('UserRenamed');
    for (const stream of [`user-${randomUUID()}`, `user-${randomUUID()}`])
      await world.eventLog.append(stream, [event], ANY);
    await follow();
    expect(await world.size()).toBe(3);
    const { rows } = await world.pool.query('select leaf_index from notary.leaf where event_id = $1', [event.id]);
    expect(rows).toEqual([{ leaf_index: '1' }]);
  });

  it('makes the tree anew, equal to the one before, when its position is gone', async () => {
    await world.append(300);
    await follow();
    const root = await rootAt(world.readTiles, 301);
    await world.pool.query('delete from notary.position');
    await follow();
    expect(await world.size()).toBe(301);
    expect(await rootAt(world.readTiles, 301)).toEqual(root);
  });

  it('F-14 refuses the batch of an instance whose position another one has moved', async () => {
    await follow();
    const position = await treePosition().begin(world.pool, world.logId);
    const state = { position, edge: await loadEdge(world.pool) };
    await world.append(5);
    await follow();
    await expect(appendBatch(world.pool, state, world.eventLog.events)).rejects.toMatchObject({ name: 'Superseded' });
    expect(await rootAt(world.readTiles, 6)).toEqual(await expectedRoot(world));
  });

  it('F-14 refuses the log of another position', async () => {
    await follow();
    await world.pool.query('update notary.position set log_id = $1', [randomUUID()]);
    await expect(follow()).rejects.toMatchObject({ name: 'StartRefused' });
  });
});
