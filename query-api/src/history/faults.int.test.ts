import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { silentLog } from '@ums/kit/log';
import { awakeTime } from '../../../infra/kit/test/awakeTime.js';
import { until } from '../../../infra/kit/test/until.js';
import { type UserHistories, userHistories } from '../../test/userHistories.js';
import { createWorld, type World } from '../../test/world.js';
import { orUnavailable } from './orUnavailable.js';

/** The limit of 2.5 s, and what a busy machine adds to two answers at once. What hangs takes longer than any of it. */
const IN_TIME_MS = 3_500;

describe('histories', () => {
  let world: World;
  let histories: UserHistories;
  let userId: string;
  beforeAll(async () => {
    world = await createWorld();
    histories = userHistories(world);
    userId = await histories.register();
    await world.addUser({ id: userId });
  });
  afterAll(async () => {
    await histories.close();
    await world.close();
  });
  // Also after a test that failed, or the ones behind it would fail with it.
  afterEach(async () => {
    for (const proxy of [world.logProxy, world.vaultProxy]) await proxy.set('pass');
  });
  const statusOf = async (path: string): Promise<number> => (await world.get(path, world.token(userId))).status;
  const routes = ['/user/history', '/user?asOf=0'];

  it('F-03 answer 503 in time while the event log hangs, and other reads go on', async () => {
    await world.logProxy.set('hang');
    const time = awakeTime();
    for (const status of await Promise.all(routes.map(statusOf))) expect(status).toBe(503);
    expect(time()).toBeLessThan(IN_TIME_MS);
    expect(await statusOf('/user')).toBe(200);
    expect((await world.service.readiness()).ready).toBe(true);
    await world.logProxy.set('pass');
    world.logProxy.resetConnections();
    for (const route of routes) await until(async () => (await statusOf(route)) === 200);
  });

  it('F-03 answer 503 in time while the vault hangs', async () => {
    await world.vaultProxy.set('hang');
    const time = awakeTime();
    for (const status of await Promise.all(routes.map(statusOf))) expect(status).toBe(503);
    expect(time()).toBeLessThan(IN_TIME_MS);
    await world.vaultProxy.set('pass');
    world.vaultProxy.resetConnections();
    for (const route of routes) await until(async () => (await statusOf(route)) === 200);
  });

  it('F-15 answer 503 for a history that cannot be read: an event without its fields, a broken seal, a missing key', async () => {
    const metadata = {
      $correlationId: randomUUID(),
      $causationId: randomUUID(),
      actor: { kind: 'user', id: userId },
      at: new Date().toISOString(),
    };
    const [withoutField, broken, keyless] = [
      await histories.register(),
      await histories.register(),
      await histories.register(),
    ];
    await histories.append(userStream(withoutField), { type: 'UserRenamed', data: {}, metadata });
    await histories.append(userStream(broken), { type: 'UserRenamed', data: { name: 'not sealed' }, metadata });
    await world.vault.query('delete from data_key where subject = $1', [keyless]);
    for (const id of [withoutField, broken, keyless])
      for (const route of routes.map((path) => path.replace('=0', '=2999-01-01T00:00:00Z'))) {
        const response = await world.get(route, world.token(id));
        expect([response.status, response.headers.get('retry-after')]).toEqual([503, '60']);
        expect(await response.json()).toMatchObject({ type: 'https://id.example.org/problems/profile-unavailable' });
      }
  });

  it('Z-07 refuse a reader whose key is gone with 401 and no content, and with 503 while the vault hangs', async () => {
    const [missing, erased, unreached] = [
      await histories.register(),
      await histories.register(),
      await histories.register(),
    ];
    await world.vault.query('delete from data_key where subject = $1', [missing]);
    await world.vault.query(
      'update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = $1',
      [erased],
    );
    const paths = [`/users/${userId}/history`, `/users/${userId}?asOf=0`, '/audit/events'];
    const ask = async (readerId: string, path: string, accept = 'application/json') => {
      const answer = await world.get(path, world.token(readerId, { roles: ['auditor'] }), { accept });
      return [answer.status, ((await answer.json()) as { type: string }).type.split('/').at(-1)];
    };
    for (const readerId of [missing, erased]) {
      for (const path of paths) expect([path, ...(await ask(readerId, path))]).toEqual([path, 401, 'unauthenticated']);
      expect(await ask(readerId, '/audit/events', 'application/x-ndjson')).toEqual([401, 'unauthenticated']);
    }
    await world.vaultProxy.set('hang');
    for (const path of paths)
      expect([path, ...(await ask(unreached, path))]).toEqual([path, 503, 'dependency-unavailable']);
    await world.vaultProxy.set('pass');
    world.vaultProxy.resetConnections();
  });

  it('pass on other errors', async () => {
    const error = new Error('another one');
    await expect(orUnavailable(silentLog, userId, () => Promise.reject(error))).rejects.toBe(error);
  });
});
