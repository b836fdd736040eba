import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { until } from '../../../infra/kit/test/until.js';
import { storedProfiles } from '../../test/randomHistory.js';
import { isCaughtUp, runDepsOf } from '../../test/runDeps.js';
import { createWorld, userRegistered, type World } from '../../test/world.js';
import { activate } from './activate.js';

describe('activate', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const start = (change: object = {}) => {
    const stop = new AbortController();
    const projection = activate({ ...runDepsOf(world), url: world.readUrl, ...change }, stop.signal);
    const end = async (): Promise<void> => {
      stop.abort();
      await projection.done;
    };
    return { ...projection, end };
  };

  it('F-14 runs in one instance and another takes over when it ends', async () => {
    const first = start();
    await until(() => first.state() === 'active');
    const second = start();
    await world.register('first');
    await until(() => isCaughtUp(world));
    expect(second.state()).toBe('standby');
    await first.end();
    await until(() => second.state() === 'active');
    await world.register('second');
    await until(() => isCaughtUp(world));
    expect((await storedProfiles(world)).map(({ name }) => name).sort()).toEqual(['first', 'second']);
    await second.end();
  });

  it('F-14 stands by after losing the lock and takes it again', async () => {
    const instance = start();
    await until(() => instance.state() === 'active');
    const locks = (isGranted: boolean) => `from pg_locks where locktype = 'advisory' and granted = ${isGranted}
      and database = (select oid from pg_database where datname = current_database())`;
    // Gets the lock next, and keeps it: the instance would take it again within milliseconds.
    const other = await world.pool.connect();
    const lock = `(hashtextextended('projection user_profile_v1', 0))`;
    const taken = other.query(`select pg_advisory_lock${lock}`);
    await until(async () => (await world.pool.query(`select ${locks(false)}`)).rows.length === 1);
    await world.pool.query(`select pg_terminate_backend(pid) ${locks(true)}`);
    await taken;
    await until(() => instance.state() === 'standby');
    await other.query(`select pg_advisory_unlock${lock}`);
    other.release();
    await until(() => instance.state() === 'active');
    await instance.end();
  });

  it('F-15 stays stopped after more than ten keys failed', async () => {
    for (let index = 0; index < 11; index++) {
      const userId = crypto.randomUUID();
      await world.append(userId, userRegistered('keyless', userId));
    }
    const errors: string[] = [];
    const instance = start({ log: { ...silentLog, error: (message: string) => void errors.push(message) } });
    await instance.done;
    expect(instance.state()).toBe('stopped');
    expect(errors.at(-1)).toBe('projection stopped');
  });

  it('stops when its checkpoint belongs to another log', async () => {
    await world.pool.query('update read.checkpoint set log_id = gen_random_uuid()');
    const instance = start();
    await instance.done;
    expect(instance.state()).toBe('stopped');
  });

  it('stops when it cannot connect for the lock, and ends on request while it stands by', async () => {
    const unconnected = start({ url: 'postgres://[' });
    await unconnected.done;
    expect(unconnected.state()).toBe('stopped');
    const holder = start({ url: world.vaultUrl });
    await until(() => holder.state() !== 'standby');
    const waiting = start({ url: world.vaultUrl });
    await waiting.end();
    expect(waiting.state()).toBe('standby');
    await holder.end();
  });
});
