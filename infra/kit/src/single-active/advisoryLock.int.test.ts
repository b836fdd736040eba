import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { startFaultProxy } from '../../test/faultProxy.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { until } from '../../test/until.js';
import { silentLog } from '../log.js';
import { type AdvisoryLockOptions, holdAdvisoryLock } from './advisoryLock.js';

describe('holdAdvisoryLock', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  const hold = (options: Partial<AdvisoryLockOptions> = {}) =>
    holdAdvisoryLock({
      url: database.url,
      key: 'projection user_profile_v1',
      onLost: () => undefined,
      signal: new AbortController().signal,
      log: silentLog,
      pingMs: 50,
      retryMs: 20,
      ...options,
    });
  /** A busy machine does not cost the holder its lock: `pingMs` alone would give an answer to a ping a second. */
  const holdPatiently = (key: string) =>
    hold({ url: `${database.url}?query_timeout=${PATIENT_MS}`, idleTimeoutMs: PATIENT_MS * 2, key });

  it('F-14 gives the lock to one instance, and to the standby when it is released', async () => {
    const order: string[] = [];
    const first = await holdPatiently('shared');
    const standby = holdPatiently('shared').then((lock) => {
      order.push('standby');
      return lock;
    });
    const other = await holdPatiently('another');
    order.push('released');
    await first.release();
    const second = await standby;
    expect(order).toEqual(['released', 'standby']);
    await Promise.all([second.release(), other.release()]);
  });

  it('F-14 keeps proving that the lock is held', async () => {
    const lock = await holdPatiently('proved');
    const proved = lock.lastPingAt();
    expect(proved).toBeLessThanOrEqual(performance.now());
    await until(() => lock.lastPingAt() > proved);
    await lock.release();
  });

  it('F-14 reports the loss once when the server ended the session, and lets the standby take over', async () => {
    const onLost = jest.fn();
    await hold({ key: 'ended', onLost });
    const standby = hold({ key: 'ended' });
    await execute(
      database.url,
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()
       and database = (select oid from pg_database where datname = current_database())`,
    );
    await until(() => onLost.mock.calls.length > 0);
    const lock = await standby;
    await lock.release();
    expect(onLost).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['', 'silent'],
    [', also where its URL has options', 'silent with options', '?options=-c%20search_path%3Delsewhere'],
  ])('F-14 takes the lock from a silent holder, and reports the loss%s', async (_, key, options = '') => {
    const onLost = jest.fn();
    await hold({ url: `${database.url}${options}`, key, pingMs: 1_500, idleTimeoutMs: 200, onLost });
    const lock = await hold({ key });
    await until(() => onLost.mock.calls.length > 0);
    expect(onLost).toHaveBeenCalledTimes(1);
    await lock.release();
  });

  it('F-14 reports the loss when the connection hangs', async () => {
    const target = new URL(database.url);
    const proxy = await startFaultProxy(Number(target.port), 'other');
    target.port = String(proxy.port);
    const onLost = jest.fn();
    await hold({ url: target.href, key: 'hanging', onLost });
    await proxy.set('hang');
    await until(() => onLost.mock.calls.length > 0);
    await proxy.close();
  });

  it('waits for a server that is down', async () => {
    const target = new URL(database.url);
    const proxy = await startFaultProxy(Number(target.port), 'other');
    target.port = String(proxy.port);
    await proxy.set('refuse');
    const warn = jest.fn();
    const held = hold({ url: target.href, key: 'away', log: { ...silentLog, warn } });
    await until(() => warn.mock.calls.length >= 2);
    await proxy.set('pass');
    const lock = await held;
    await lock.release();
    await proxy.close();
  });

  it('releases the lock or stops waiting when the signal aborts', async () => {
    const stop = new AbortController();
    const onLost = jest.fn();
    await hold({ key: 'stopped', signal: stop.signal, onLost });
    const waiting = hold({ key: 'stopped', signal: stop.signal });
    stop.abort(new Error('stopping'));
    await expect(waiting).rejects.toThrow('stopping');
    const next = await hold({ key: 'stopped' });
    await next.release();
    expect(onLost).not.toHaveBeenCalled();
    await expect(hold({ signal: stop.signal })).rejects.toThrow('stopping');
  });
});
