import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/kit/test/until.js';
import { type World, world } from '../../test/world.js';

describe('X-Consistency-Token', () => {
  let here: World;
  let id: string;
  let token: string;
  let admin: string;
  beforeAll(async () => {
    here = await world();
    id = randomUUID();
    await here.person({ id });
    token = here.token(id);
    admin = here.token(id, { roles: ['admin'] });
    await here.moveTo(1_000n);
  });
  afterAll(() => here.close());

  const routes = () => [
    ['/user', token],
    ['/users', admin],
    [`/users/${id}`, admin],
  ];
  const asking = (path: string, bearer: string, header: string) =>
    here.get(path, bearer, { 'x-consistency-token': header });

  it('F-31 answers at once what is visible, and what nobody asked to wait for', async () => {
    for (const [path = '', bearer = ''] of routes())
      for (const header of ['', here.consistency(0n), here.consistency(1_000n)])
        expect((await asking(path, bearer, header)).status).toBe(200);
  });

  it('F-31 waits for what is not visible yet, and answers with it', async () => {
    const waiting = routes().map(([path = '', bearer = '']) => asking(path, bearer, here.consistency(2_000n)));
    const raced = await Promise.race([Promise.all(waiting), here.get('/user', token).then(() => 'still waiting')]);
    expect(raced).toBe('still waiting');
    await here.read.query(
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

  it('F-31 answers 503 after two seconds, never an old state', async () => {
    const responses = await Promise.all(
      routes().map(([path = '', bearer = '']) => asking(path, bearer, here.consistency(9_999n))),
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
    ['a position beyond all', () => here.consistency(10n ** 25n)],
    ['twice', () => `${here.consistency(1n)}, ${here.consistency(1n)}`],
    ['another log', () => here.consistency(1n, randomUUID())],
  ])('I-03 refuses %s with 400', async (_name, header) => {
    for (const [path = '', bearer = ''] of routes()) {
      const response = await asking(path, bearer, header());
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ field: 'X-Consistency-Token' }] });
    }
  });

  it('F-31 answers 503 while the projection has never run', async () => {
    await here.read.query('delete from read.checkpoint');
    const response = await asking('/users', admin, here.consistency(1n));
    expect(response.status).toBe(503);
    expect(await (await here.get('/users', admin)).json()).toEqual({ items: [], next: null });
  });

  it('F-16 answers 503 when the read model does not answer', async () => {
    await here.read.query(`insert into read.checkpoint (name, position, log_id) values ('user_profile_v1', 0, $1)`, [
      here.logId,
    ]);
    const waiting = asking('/user', token, here.consistency(5n));
    await here.toRead.set('hang');
    expect((await waiting).status).toBe(503);
    const response = await here.get('/user', token);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ type: 'https://id.example.org/problems/dependency-unavailable' });
    expect((await here.service.readiness()).checks.postgres).toBe('down');
    await here.toRead.set('pass');
    here.toRead.cut();
    await until(async () => (await here.get('/user', token)).status === 200);
  });
});
