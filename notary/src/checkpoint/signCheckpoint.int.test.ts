import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { ANY } from '@ums/kit/event-log/eventLog';
import { until } from '../../../infra/kit/test/until.js';
import { anEvent, createWorld, expectedRoot, type World } from '../../test/world.js';
import { notaryKeys } from '../note/notaryKeys.js';
import { parseNotes } from '../note/signedNote.js';
import { followLog } from '../tree/followLog.js';
import type { KeptNote } from './proveExtension.js';
import { signCheckpoint } from './signCheckpoint.js';

const AT_ONCE = { grownSeconds: 0, anywaySeconds: 0 };
const NEVER = { grownSeconds: 1e9, anywaySeconds: 1e9 };

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const grow = async (count: number): Promise<void> => {
  await world.append(count);
  const stop = new AbortController();
  const running = followLog(world, stop.signal, 1_000, () => undefined);
  await Promise.race([running, until(world.isCaughtUp)]);
  stop.abort();
  await running;
};
const sign = (kept: readonly KeptNote[] = [], times = AT_ONCE, keys = world.keys) =>
  signCheckpoint({ ...world, keys }, times, kept);
const signedAt = async (): Promise<number[]> => {
  const { rows } = await world.pool.query<{ size: string }>('select size from notary.checkpoint order by id');
  return rows.map(({ size }) => Number(size));
};
const inPlace = (text: string): KeptNote => ({ where: 'the file', text });

describe('signCheckpoint', () => {
  it('signs the root of the whole tree', async () => {
    await grow(300);
    const signed = await sign();
    const note = parseNotes(signed?.note ?? '')[0];
    expect(note?.head).toEqual({ origin: world.origin, size: 301, root: await expectedRoot(world), expirable: 0 });
    expect(note && world.keys.verifies(note)).toBe(true);
    expect(await signedAt()).toEqual([301]);
  });

  it('signs a tree that has grown after one time, and the same tree again after another', async () => {
    await grow(1);
    await sign([], NEVER);
    expect(await sign([], { grownSeconds: 0, anywaySeconds: 1e9 })).toBeUndefined();
    expect(await sign([], { grownSeconds: 1e9, anywaySeconds: 0 })).toMatchObject({ size: 2 });
    await grow(1);
    expect(await sign([], { grownSeconds: 1e9, anywaySeconds: 0 })).toBeUndefined();
    expect(await sign([], { grownSeconds: 0, anywaySeconds: 1e9 })).toMatchObject({ size: 3 });
    expect(await signedAt()).toEqual([2, 2, 3]);
  });

  it('signs no tree without leaves', async () => {
    expect(await sign()).toBeUndefined();
  });

  it('refuses a tree that does not begin with that of an earlier checkpoint', async () => {
    await grow(300);
    const signed = await sign();
    await grow(10);
    const other = world.keys.signed({ origin: world.origin, size: 301, root: randomBytes(32) });
    await expect(sign([inPlace(other)])).rejects.toMatchObject({
      name: 'Contradicted',
      message: 'The first 301 events are not those that the last checkpoint in the file covers: the log was changed.',
    });
    expect(await sign([inPlace(signed?.note ?? '')])).toMatchObject({ size: 311 });
    await world.pool.query(
      `update notary.tile set hashes = set_byte(hashes, 0, (get_byte(hashes, 0) + 1) % 256) where level = 1`,
    );
    await expect(sign([], NEVER)).rejects.toMatchObject({
      message: /^The first 311 events are not those that the last checkpoint in notary\.checkpoint covers/,
    });
    expect(await signedAt()).toEqual([301, 311]);
  });

  it('G-08 counts the leaves that may expire, and refuses to state fewer of them, or none', async () => {
    const stream = signinStream(randomUUID());
    await world.eventLog.append(stream, [anEvent('SessionStarted'), anEvent('SessionEnded')], ANY);
    await grow(3);
    expect(parseNotes((await sign())?.note ?? '')[0]?.head).toMatchObject({ size: 6, expirable: 2 });
    await world.eventLog.append(stream, [anEvent('SessionStarted')], ANY);
    await grow(2);
    expect(parseNotes((await sign())?.note ?? '')[0]?.head).toMatchObject({ size: 9, expirable: 3 });
    const message =
      'The last checkpoint in notary.checkpoint counts 3 events that may expire, and the tree of 9 events';
    await world.pool.query('update notary.expirable set leaves = 2');
    await expect(sign()).rejects.toMatchObject({ message: `${message} 2: notary.expirable was changed.` });
    await world.pool.query('update notary.expirable set leaves = 4');
    await expect(sign()).rejects.toMatchObject({ message: `${message} 4: notary.expirable was changed.` });
    await world.pool.query('delete from notary.expirable');
    await expect(sign()).rejects.toMatchObject({
      message: `${message} does not count them: notary.expirable was changed.`,
    });
    expect(await signedAt()).toEqual([6, 9]);
  });

  it('states no number for a tree that was not counted from its first leaf on', async () => {
    await grow(3);
    await world.pool.query('delete from notary.expirable');
    await grow(3);
    expect((await sign())?.note).not.toContain('ums-expirable');
  });

  it('refuses a log that is shorter than a checkpoint, but only once the whole log is in the tree', async () => {
    await grow(5);
    const longer = world.keys.signed({ origin: world.origin, size: 50, root: randomBytes(32) });
    await world.append(1);
    expect(await sign([inPlace(longer)])).toBeUndefined();
    await grow(0);
    await expect(sign([inPlace(longer)])).rejects.toMatchObject({
      message: 'The last checkpoint in the file covers 50 events, but the log has 7: it was cut short or restored.',
    });
    expect(await signedAt()).toEqual([]);
  });

  it('refuses a checkpoint of another log or key', async () => {
    await grow(5);
    const signed = await sign();
    const key = randomBytes(32).toString('base64');
    const foreign = notaryKeys({ name: 'ums/other', key }).signed({
      origin: 'ums/other',
      size: 1,
      root: randomBytes(32),
    });
    const message = `What the file holds is no checkpoint of ${world.origin}.`;
    await expect(sign([inPlace(foreign)])).rejects.toMatchObject({ message });
    await expect(sign([inPlace('nothing')])).rejects.toMatchObject({ message });
    const renewed = notaryKeys({ name: world.origin, key });
    await expect(sign([inPlace(signed?.note ?? '')], AT_ONCE, renewed)).rejects.toMatchObject({
      message:
        /^The last checkpoint in notary\.checkpoint is signed with neither NOTARY_KEY nor NOTARY_KEY_PREVIOUS\.$/,
    });
    const overlapping = notaryKeys({ name: world.origin, key, previousKeys: world.key });
    expect(await sign([inPlace(signed?.note ?? '')], AT_ONCE, overlapping)).toMatchObject({ size: 6 });
  });
});
