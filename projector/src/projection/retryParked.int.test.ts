import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { execute } from '../../../infra/embedded/test/postgres.js';
import { until } from '../../../infra/kit/test/until.js';
import { parkingIn } from '../../test/parking.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, userRegistered, type World } from '../../test/world.js';
import { retryParked, UNREADABLE } from './retryParked.js';
import { runProjection } from './runProjection.js';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/backup-and-restore.md'), 'utf8');
/** The statement of the page. */
const [, GIVE_UP = ''] = /```sql\n([\s\S]*?)```/.exec(PAGE) ?? [];

describe('retryParked', () => {
  let world: World;
  let parking: ReturnType<typeof parkingIn>;
  beforeAll(async () => {
    world = await createWorld();
    parking = parkingIn(world);
  });
  afterAll(() => world.close());
  beforeEach(() => parking.ageParked());

  const retry = () => retryParked(runDepsOf(world));
  /** Parks a new user by registering them without a data key. */
  const parkKeyless = async (name: string): Promise<string> => {
    const userId = randomUUID();
    await world.append(userId, userRegistered(name, userId));
    await parking.applyAll();
    expect(await parking.reasonOf(userId)).toBe('missing-key');
    return userId;
  };

  it('F-15 parks a user whose reducer throws and unparks them once it no longer does', async () => {
    const userId = await world.register('reduced');
    const { projection } = runDepsOf(world);
    const reduce: typeof projection.reduce = (row, fact) => {
      if (fact.stream.endsWith(userId)) throw new RangeError('a bug in the reducer');
      return projection.reduce(row, fact);
    };
    await parking.applyAll({ projection: { ...projection, reduce } });
    expect(await parking.reasonOf(userId)).toBe('reducer');
    expect((await retry()).has(userId)).toBe(false);
    expect(await parking.profileOf(userId)).toMatchObject({ name: 'reduced' });
    expect(await parking.reasonOf(userId)).toBeUndefined();
  });

  it('F-15 folds the stream up to the checkpoint, and the next batch continues after it', async () => {
    const userId = await parkKeyless('early');
    await world.rename(userId, 'while parked');
    await parking.applyAll();
    await world.rename(userId, 'beyond the checkpoint');
    await world.storeKey(userId);
    expect((await retry()).has(userId)).toBe(false);
    expect(await parking.profileOf(userId)).toMatchObject({ name: 'while parked', revision: '1' });
    await parking.applyAll();
    expect(await parking.profileOf(userId)).toMatchObject({ name: 'beyond the checkpoint', revision: '2' });
  });

  it('F-15 keeps users parked who still fail', async () => {
    for (let index = 0; index < 4; index++) await parkKeyless('still keyless');
    const parked = await parking.parkedKeys();
    expect(parked.length).toBeGreaterThan(3);
    expect((await retry()).size).toBe(parked.length);
    expect(await parking.parkedKeys()).toHaveLength(parked.length);
  });

  it('G-05 gives up a user whose key is lost for good, as the page on restoring says', async () => {
    const userId = await parkKeyless('lost');
    await execute(world.vaultUrl, GIVE_UP.replace('<user id>', userId));
    expect((await retry()).has(userId)).toBe(false);
    expect(await parking.reasonOf(userId)).toBeUndefined();
    expect(await parking.profileOf(userId)).toBeUndefined();
  });

  it('G-02 leaves no row of a user who was erased while parked', async () => {
    const userId = await parkKeyless('erased');
    await world.storeKey(userId);
    await world.destroyKey(userId);
    expect((await retry()).has(userId)).toBe(false);
    expect(await parking.reasonOf(userId)).toBeUndefined();
    expect(await parking.profileOf(userId)).toBeUndefined();
  });

  /** Dependencies whose log refuses to read the stream of one user. */
  const refusing = (userId: string) => {
    const readStream: typeof world.eventLog.readStream = async (stream, from) => {
      if (stream === `user-${userId}`) throw new LogUnavailable();
      return world.eventLog.readStream(stream, from);
    };
    return { ...runDepsOf(world), eventLog: { ...world.eventLog, readStream } };
  };

  it('F-15 folds the others when the stream of one cannot be read, and follows the log', async () => {
    const unreadable = await parkKeyless('unreadable');
    const other = await parkKeyless('other');
    for (const userId of [unreadable, other]) await world.storeKey(userId);
    const deps = refusing(unreadable);
    expect((await retryParked(deps)).get(unreadable)?.reason).toBe(UNREADABLE);
    expect(await parking.profileOf(other)).toMatchObject({ name: 'other' });
    expect(await parking.reasonOf(unreadable)).toBe('missing-key');

    const later = await world.register('later');
    const warnings: unknown[] = [];
    const log = { ...deps.log, warn: (message: string, fields?: object) => void warnings.push({ message, ...fields }) };
    const stop = new AbortController();
    const running = runProjection({ ...deps, log }, stop.signal, () => undefined);
    await until(() => isCaughtUp(world));
    stop.abort();
    await running;
    expect(await parking.profileOf(later)).toMatchObject({ name: 'later' });
    expect(warnings).toEqual([expect.objectContaining({ message: 'key stays parked', userId: unreadable })]);

    expect((await retry()).has(unreadable)).toBe(false);
    expect(await parking.profileOf(unreadable)).toMatchObject({ name: 'unreadable' });
  });

  it('fails while the log does not answer at all, and for every other reason', async () => {
    const userId = await parkKeyless('while down');
    const deps = refusing(userId);
    const head = () => Promise.reject(new LogUnavailable());
    await expect(retryParked({ ...deps, eventLog: { ...deps.eventLog, head } })).rejects.toThrow(LogUnavailable);
    const readStream = () => Promise.reject(new RangeError('a defect'));
    await expect(retryParked({ ...deps, eventLog: { ...deps.eventLog, readStream } })).rejects.toThrow(RangeError);
  });
});
