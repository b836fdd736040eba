import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { stopMonotonicClock } from '../../../infra/kit/test/stopMonotonicClock.js';
import { until } from '../../../infra/kit/test/until.js';
import { createWorld, type World } from '../../test/world.js';

describe('X-Consistency-Token', () => {
  let world: World;
  let id: string;
  let token: string;
  let admin: string;
  beforeAll(async () => {
    world = await createWorld();
    id = randomUUID();
    await world.addUser({ id });
    token = world.token(id);
    admin = world.token(id, { roles: ['admin'] });
    await world.moveCheckpoint(1_000n);
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => world.close());

  const routes = () => [
    ['/user', token],
    ['/users', admin],
    ['/users?role=user', admin],
    ['/users?search=a', admin],
    [`/users/${id}`, admin],
  ];
  const asking = (path: string, bearer: string, header: string) =>
    world.get(path, bearer, { 'x-consistency-token': header });

  it('F-31 answers at once when the point is visible or no token was sent', async () => {
    for (const [path = '', bearer = ''] of routes())
      for (const header of ['', world.consistencyToken(0n), world.consistencyToken(1_000n)])
        expect((await asking(path, bearer, header)).status).toBe(200);
  });

  it('F-31 waits for a point that is not visible yet, and answers with its data', async () => {
    // Time stands still, so that no request has waited for two seconds.
    stopMonotonicClock();
    const waiting = routes().map(([path = '', bearer = '']) => asking(path, bearer, world.consistencyToken(2_000n)));
    const raced = await Promise.race([Promise.all(waiting), world.get('/user', token).then(() => 'still waiting')]);
    expect(raced).toBe('still waiting');
    await world.read.query(
      `with moved as (update read.checkpoint set position = 2000)
      update read.user_profile_v1 set name = 'after the command' where user_id = $1`,
      [id],
    );
    const responses = await Promise.all(waiting);
    for (const response of responses) {
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('after the command');
    }
  });

  it('F-31 answers 503 after two seconds instead of older data', async () => {
    const responses = await Promise.all(
      routes().map(([path = '', bearer = '']) => asking(path, bearer, world.consistencyToken(9_999n))),
    );
    for (const response of responses) {
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await response.json()).toMatchObject({ type: 'https://id.example.org/problems/not-yet-visible' });
    }
  });

  it.each([
    ['text', () => 'nonsense'],
    ['base64url of something else', () => Buffer.from('x.1').toString('base64url')],
    ['a position beyond the range of positions', () => world.consistencyToken(10n ** 25n)],
    ['a token sent twice', () => `${world.consistencyToken(1n)}, ${world.consistencyToken(1n)}`],
    ['a token of another log', () => world.consistencyToken(1n, randomUUID())],
  ])('I-03 refuses %s with 400', async (_name, header) => {
    for (const [path = '', bearer = ''] of routes()) {
      const response = await asking(path, bearer, header());
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ field: 'X-Consistency-Token' }] });
    }
  });

  it('F-31 answers 503 while the projection has never run', async () => {
    await world.read.query('delete from read.checkpoint');
    const response = await asking('/users', admin, world.consistencyToken(1n));
    expect(response.status).toBe(503);
    expect(await (await world.get('/users', admin)).json()).toEqual({ items: [], previous: null, next: null });
  });

  it('F-16 answers 503 when the read model does not answer', async () => {
    await world.addCheckpoint();
    const waiting = asking('/user', token, world.consistencyToken(5n));
    await world.readProxy.set('hang');
    expect((await waiting).status).toBe(503);
    const response = await world.get('/user', token);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ type: 'https://id.example.org/problems/dependency-unavailable' });
    expect((await world.service.readiness()).checks.postgres).toBe('down');
    await world.readProxy.set('pass');
    world.readProxy.resetConnections();
    await until(async () => (await world.get('/user', token)).status === 200);
  });
});
