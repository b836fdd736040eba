import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES } from '@ums/contracts/roles';
import { ROUTES } from '@ums/contracts/routes';
import { until } from '../../../infra/kit/test/until.js';
import { type World, world } from '../../test/world.js';

const OURS = ROUTES.filter(({ owner }) => owner === 'query-api');

describe('access', () => {
  let here: World;
  beforeAll(async () => {
    here = await world();
  });
  afterAll(() => here.close());

  const statusOf = async (path: string, token?: string): Promise<number> => {
    const response = await here.get(path.replace('{id}', randomUUID()), token);
    const body = await response.text();
    if (response.status >= 400) expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(body).not.toContain('stack');
    return response.status;
  };

  it.each(OURS)('T-01 refuses $method $path without a living token, with one body', async ({ path }) => {
    const other = here.token(randomUUID()).split('.');
    const bodies = new Set<string>();
    for (const token of [undefined, 'x', `${other[0]}.${other[1]}.${'A'.repeat(86)}`, `${other[0]}.e30.${other[2]}`]) {
      const response = await here.get(path.replace('{id}', randomUUID()), token);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      const { requestId: _requestId, ...body } = (await response.json()) as { requestId: string };
      bodies.add(JSON.stringify(body));
    }
    expect(bodies.size).toBe(1);
  });

  it.each(OURS.flatMap((route) => ROLES.map((role) => ({ ...route, role }))))(
    'Z-01 gives $method $path to $role only where the table of routes says so',
    async ({ path, access, role }) => {
      const status = await statusOf(path, here.token(randomUUID(), { roles: [role] }));
      const allowed = access === 'signed-in' || (access !== 'public' && access.includes(role));
      expect(status === 403).toBe(!allowed);
      expect(status).not.toBe(500);
    },
  );

  it('Z-01 gives a holder of no role nothing but the own profile', async () => {
    const token = here.token(randomUUID(), { roles: [] });
    expect(await statusOf('/users', token)).toBe(403);
    expect(await statusOf('/user', token)).toBe(503);
  });

  it('H-01 sets the headers of safety on answers and errors', async () => {
    for (const response of [await here.get('/user'), await here.get('/nothing-here')]) {
      expect(response.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(response.headers.get('cache-control')).toContain('no-store');
      expect(response.headers.get('x-powered-by')).toBeNull();
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('T-08 refuses the tokens of a session that ended, and only those', async () => {
    const [id, sid] = [randomUUID(), randomUUID()];
    await here.person({ id });
    const [ended, other] = [here.token(id, { sid }), here.token(id)];
    expect(await statusOf('/user', ended)).toBe(200);
    await here.addSessionRevocation(id, sid);
    await until(async () => (await statusOf('/user', ended)) === 401);
    expect(await statusOf('/user', other)).toBe(200);
  });

  it('T-08 refuses the tokens issued before a cut, and none issued after it', async () => {
    const id = randomUUID();
    await here.person({ id });
    const [before, after] = [here.token(id, { epoch: 4n }), here.token(id, { epoch: 5n })];
    expect(await statusOf('/user', before)).toBe(200);
    await here.addRevocationBefore(id, 5n);
    await until(async () => (await statusOf('/user', before)) === 401);
    expect(await statusOf('/user', after)).toBe(200);
    await here.addRevocationBefore(id, 3n);
    await here.addRevocationBefore(id, 6n);
    await until(async () => (await statusOf('/user', after)) === 401);
  });

  it('is ready when it has keys and revocations and the read model answers', async () => {
    await until(async () => (await here.service.readiness()).ready);
    expect(await here.service.readiness()).toEqual({
      ready: true,
      checks: { postgres: 'up', vault: 'up', jwks: 'up' },
    });
    expect((await fetch(`${here.base}/health/ready`)).status).toBe(200);
  });
});

describe('access without a vault', () => {
  let here: World;
  beforeAll(async () => {
    here = await world();
  });
  afterAll(() => here.close());

  it('T-08 is never given blindly: 503 while nobody can say what was revoked, and again after it came back', async () => {
    const id = randomUUID();
    await here.person({ id });
    const token = here.token(id);
    expect((await here.get('/user', token)).status).toBe(200);
    await here.toVault.set('hang');
    await until(async () => (await here.get('/user', token)).status === 503);
    expect((await here.service.readiness()).checks.vault).toBe('down');
    await here.addRevocationBefore(id, 1n);
    await here.toVault.set('pass');
    here.toVault.cut();
    await until(async () => (await here.get('/user', token)).status === 401);
    expect((await here.get('/user', here.token(id, { epoch: 1n }))).status).toBe(200);
  });
});
