import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { until } from '../../../infra/kit/test/until.js';
import { afterStatement } from '../../test/afterStatement.js';
import { createRebuildWorld, type RebuildWorld } from '../../test/rebuildWorld.js';
import { runDepsOf } from '../../test/runDeps.js';
import { MASTER_KEY, USER_ERASED, USER_ERASURE_STARTED, userRegistered, type World } from '../../test/world.js';
import { applyBatch } from '../projection/applyBatch.js';
import { copyOf } from '../projection/copies.js';
import { checkpointOf } from '../projection/projection.js';
import { retryParked } from '../projection/retryParked.js';
import { type RebuildDeps, rebuild } from './rebuild.js';
import { restoreOld } from './restoreOld.js';
import { switchTables } from './switchTables.js';

class Killed extends Error {}

describe('an erasure beside a rebuild', () => {
  let world: World;
  let parking: RebuildWorld['parking'];
  let tables: RebuildWorld['tables'];
  beforeAll(async () => {
    ({ world, parking, tables } = await createRebuildWorld(20, 5));
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await parking.applyAll();
    await tables.dropAll();
  });

  /** As the command has them: erasures in other processes do not evict a key. */
  const commandDeps = () => ({
    ...runDepsOf(world),
    keys: vaultDataKeys({
      pool: world.vaultPool,
      masterKeys: masterKeys(MASTER_KEY),
      clock: { now: () => new Date() },
    }),
    eventsPerBatch: 5,
  });
  const build = (deps: RebuildDeps = commandDeps()) => rebuild(deps, () => undefined);
  /** A rebuild that is killed once it has applied the events before a position. */
  const killedBefore = async (position: bigint, deps: RebuildDeps = commandDeps()): Promise<void> => {
    const readAll: World['eventLog']['readAll'] = async (after, limit) =>
      (await world.eventLog.readAll(after, limit)).filter((event) => event.position < position);
    const killed = rebuild({ ...deps, eventLog: { ...deps.eventLog, readAll } }, ({ phase }) => {
      if (phase === 'indexes') throw new Killed();
    });
    await expect(killed).rejects.toBeInstanceOf(Killed);
  };
  const namesIn = async (copy: 'next' | 'old', userId: string): Promise<string[]> => {
    const { rows } = await world.pool.query<{ name: string }>(
      `select coalesce(profile.name, term.term) as name from read.user_profile_v1_${copy} as profile
       full join read.user_term_v1_${copy} as term using (user_id) where user_id = $1`,
      [userId],
    );
    // One row for each term.
    return [...new Set(rows.map(({ name }) => name))];
  };
  const parkedIn = async (copy: 'next' | 'old'): Promise<string[]> => {
    const { name } = copyOf(runDepsOf(world).projection, copy);
    const { rows } = await world.pool.query<{ key: string }>('select key from read.parked where projection = $1', [
      name,
    ]);
    return rows.map(({ key }) => key);
  };
  const startErasure = async (userId: string): Promise<bigint> =>
    (await world.append(userId, USER_ERASURE_STARTED)).position;
  /** A user who is parked in the live tables, and whose key is there now. */
  const registerParked = async (): Promise<string> => {
    const userId = randomUUID();
    await world.append(userId, userRegistered('parked', userId));
    await parking.applyAll();
    await world.storeKey(userId);
    return userId;
  };

  it('G-03 brings no row back with a data key that is cached when the rebuild is killed', async () => {
    const deps = commandDeps();
    const userId = await world.register('cached');
    const { position } = await world.rename(userId, 'renamed before the erasure');
    await parking.applyAll();
    await killedBefore(position, deps);
    expect(await namesIn('next', userId)).toEqual(['cached']);
    const started = await startErasure(userId);
    await world.destroyKey(userId);
    await parking.applyAll();
    expect(await namesIn('next', userId)).toEqual([]);
    await killedBefore(started, deps);
    expect(await namesIn('next', userId)).toEqual([]);
    expect(await build(deps)).toBe(1);
    expect(await namesIn('next', userId)).toEqual([]);
  });

  it('G-03 brings no row back into the tables before a switch, which are caught up again', async () => {
    const deps = commandDeps();
    const userId = await world.register('in the old tables');
    await parking.applyAll();
    await build(deps);
    await switchTables(deps);
    await world.rename(userId, 'renamed after the switch');
    const started = await startErasure(userId);
    await world.destroyKey(userId);
    await parking.applyAll();
    await restoreOld(world.pool, deps.projection);
    await killedBefore(started, deps);
    expect(await namesIn('next', userId)).toEqual([]);
  });

  it('G-03 makes no row of a user whom the live tables have deleted before the vault destroys the key', async () => {
    const userId = await world.register('erased in the log');
    const started = await startErasure(userId);
    await parking.applyAll();
    await killedBefore(started);
    expect(await namesIn('next', userId)).toEqual([]);
  });

  it('G-03 deletes a row whose batch is being written while the live tables delete theirs', async () => {
    const userId = await world.register('in a batch');
    await parking.applyAll();
    await killedBefore((await world.eventLog.head()) ?? 0n);
    const started = await startErasure(userId);
    let erasing: Promise<unknown> | undefined;
    const pool = afterStatement(world.pool, 'upsert-read.user_profile_v1_next', async () => {
      erasing = parking.applyAll();
      const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await until(async () => (await world.pool.query(waiting)).rowCount === 1);
    });
    await killedBefore(started, { ...commandDeps(), pool });
    expect(erasing).toBeDefined();
    await erasing;
    expect(await namesIn('next', userId)).toEqual([]);
  });

  it('G-03 makes no row of a user who was parked, and was erased before the rebuild folds parked users', async () => {
    const userId = await registerParked();
    await killedBefore(((await world.eventLog.head()) ?? 0n) + 1n);
    expect(await parkedIn('next')).toEqual([userId]);
    await startErasure(userId);
    const pool = afterStatement(world.pool, 'list-parked-keys', () => parking.applyAll());
    const deps = commandDeps();
    const failing = await retryParked({ ...deps, pool, projection: copyOf(deps.projection, 'next') });
    expect(failing.size).toBe(0);
    expect(await namesIn('next', userId)).toEqual([]);
    expect(await parkedIn('next')).toEqual([]);
  });

  it('G-03 deletes who is erased from the tables before a switch that skips the erasure', async () => {
    const userId = await world.register('known to the rebuild');
    const other = await world.register('not erased');
    const parked = await registerParked();
    const kept = await registerParked();
    await startErasure(userId);
    await startErasure(parked);
    await build();
    const later = await world.register('after the rebuild');
    await startErasure(later);
    await switchTables(commandDeps());
    expect(await namesIn('old', userId)).toEqual([]);
    expect(await namesIn('old', other)).not.toEqual([]);
    expect(await parkedIn('old')).toEqual([kept]);
    await parking.applyAll();
    expect(await parking.profileOf(userId)).toBeUndefined();
    expect(await parking.profileOf(later)).toBeUndefined();
  });

  it('G-03 F-12 deletes from the tables before a switch who was erased by an event that the live ones have not got', async () => {
    const { projection } = commandDeps();
    const userId = await world.register('erasure not delivered');
    await parking.applyAll();
    await startErasure(userId);
    const from = await checkpointOf(projection).begin(world.pool, world.logId);
    await world.register('delivered');
    await applyBatch(runDepsOf(world), from, world.eventLog.events.slice(-1));
    expect(await parking.profileOf(userId)).toBeDefined();
    await build();
    await switchTables(commandDeps());
    expect(await parking.profileOf(userId)).toBeUndefined();
    expect(await namesIn('old', userId)).toEqual([]);
  });

  /** As an earlier version of the projector leaves it, which does not store how far its tables are whole. */
  const notWholeFrom = (position: bigint) =>
    world.pool.query('update read.checkpoint set position = $2, event_id = null where name = $1', [
      'user_profile_v1_whole',
      String(position),
    ]);
  const appendMany = (count: number) =>
    world.eventLog.append(
      signinStream(randomUUID()),
      Array.from({ length: count }, () => ({ ...world.stored(randomUUID(), USER_ERASED), type: 'SessionStarted' })),
      NO_STREAM,
    );

  it('G-03 F-17 a switch reads what may be days of events before it locks the live checkpoint', async () => {
    const { projection } = commandDeps();
    const lost = await world.register('erased days ago');
    await parking.applyAll();
    const [before, from] = [(await world.eventLog.head()) ?? 0n, await checkpointOf(projection).begin(world.pool, '')];
    await startErasure(lost);
    await appendMany(2_500);
    const { position: last } = await world.rename(await world.register('delivered'), 'renamed');
    await checkpointOf(projection).move(world.pool, from, { position: last, eventId: undefined, logId: world.logId });
    await notWholeFrom(before);
    await build();
    await world.register('after the rebuild');
    const isLocked = `select not exists (select from read.checkpoint where name = $1 for update skip locked) as locked`;
    const reads: boolean[] = [];
    const readAll: World['eventLog']['readAll'] = async (after, limit) => {
      const { rows } = await world.pool.query<{ locked: boolean }>(isLocked, [projection.name]);
      reads.push(rows[0]?.locked === true);
      return world.eventLog.readAll(after, limit);
    };
    const deps = commandDeps();
    await switchTables({ ...deps, eventLog: { ...deps.eventLog, readAll } });
    expect(reads.filter((locked) => locked).length).toBeLessThanOrEqual(2);
    expect(reads.filter((locked) => !locked).length).toBeGreaterThanOrEqual(3);
    expect(await namesIn('old', lost)).toEqual([]);
  });

  it('F-17 a switch is refused where the live tables turn out to be whole only up to days ago', async () => {
    await parking.applyAll();
    const before = (await world.eventLog.head()) ?? 0n;
    await world.register('a moment ago');
    await appendMany(1_000);
    await parking.applyAll();
    await build();
    const deps = commandDeps();
    const pool = afterStatement(world.pool, 'lock-read.checkpoint', () => notWholeFrom(before));
    await expect(switchTables({ ...deps, pool })).rejects.toThrow('are not whole yet; try again');
    expect(await tables.copies()).toEqual(['next']);
    await switchTables(deps);
  });
});
