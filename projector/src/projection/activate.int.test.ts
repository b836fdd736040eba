import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { until } from '../../../infra/kit/test/until.js';
import { caughtUp, depsOver } from '../../test/deps.js';
import { profiles } from '../../test/history.js';
import { registered, type World, world } from '../../test/world.js';
import { activate } from './activate.js';

describe('activate', () => {
  let here: World;
  beforeAll(async () => {
    here = await world();
  });
  afterAll(() => here.close());

  const start = (change: object = {}) => {
    const stop = new AbortController();
    const projection = activate({ ...depsOver(here), url: here.readUrl, ...change }, stop.signal);
    const end = async (): Promise<void> => {
      stop.abort();
      await projection.done;
    };
    return { ...projection, end };
  };

  it('F-14 folds in one instance; another takes over when it ends', async () => {
    const first = start();
    await until(() => first.state() === 'active');
    const second = start();
    await here.register('first');
    await until(() => caughtUp(here));
    expect(second.state()).toBe('standby');
    await first.end();
    await until(() => second.state() === 'active');
    await here.register('second');
    await until(() => caughtUp(here));
    expect((await profiles(here)).map(({ name }) => name).sort()).toEqual(['first', 'second']);
    await second.end();
  });

  it('F-14 stands by again when it loses the lock', async () => {
    const instance = start();
    await until(() => instance.state() === 'active');
    await here.pool.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())`);
    await until(() => instance.state() === 'standby');
    await until(() => instance.state() === 'active');
    await instance.end();
  });

  it('F-15 stays stopped when too many people could not be folded', async () => {
    for (let index = 0; index < 11; index++) {
      const userId = crypto.randomUUID();
      await here.append(userId, registered('keyless', userId));
    }
    const errors: string[] = [];
    const instance = start({ log: { ...silentLog, error: (message: string) => void errors.push(message) } });
    await instance.done;
    expect(instance.state()).toBe('stopped');
    expect(errors.at(-1)).toBe('projection stopped');
  });

  it('stops when its checkpoint is of another log', async () => {
    await here.pool.query('update read.checkpoint set log_id = gen_random_uuid()');
    const instance = start();
    await instance.done;
    expect(instance.state()).toBe('stopped');
  });

  it('stops when it cannot even ask for the lock, and ends while it stands by', async () => {
    const lost = start({ url: 'postgres://[' });
    await lost.done;
    expect(lost.state()).toBe('stopped');
    const holder = start({ url: here.vaultUrl });
    await until(() => holder.state() !== 'standby');
    const waiting = start({ url: here.vaultUrl });
    await waiting.end();
    expect(waiting.state()).toBe('standby');
    await holder.end();
  });
});
