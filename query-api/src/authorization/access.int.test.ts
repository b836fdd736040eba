import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES } from '@ums/contracts/roles';
import { ROUTES } from '@ums/contracts/routes';
import { until } from '../../../infra/kit/test/until.js';
import { addDataKey } from '../../test/addDataKey.js';
import { createWorld, type World } from '../../test/world.js';

const QUERY_ROUTES = ROUTES.filter(({ owner }) => owner === 'query-api');
const withId = (path: string): string => path.replace(/\{\w+\}/, randomUUID());

describe('access', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const statusOf = async (path: string, token?: string): Promise<number> => {
    const response = await world.get(withId(path), token);
    const body = await response.text();
    if (response.status >= 400) expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(body).not.toContain('stack');
    return response.status;
  };

  it.each(QUERY_ROUTES.filter(({ access }) => access !== 'public'))(
    'T-01 answers $method $path without a valid token with 401 and always the same body',
    async ({ path }) => {
      const other = world.token(randomUUID()).split('.');
      const bodies = new Set<string>();
      for (const token of [
        undefined,
        'x',
        `${other[0]}.${other[1]}.${'A'.repeat(86)}`,
        `${other[0]}.e30.${other[2]}`,
      ]) {
        const response = await world.get(withId(path), token);
        expect(response.status).toBe(401);
        const challenge = token === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
        expect(response.headers.get('www-authenticate')).toBe(challenge);
        const { requestId: _requestId, ...body } = (await response.json()) as { requestId: string };
        bodies.add(JSON.stringify(body));
      }
      expect(bodies.size).toBe(1);
    },
  );

  it.each(QUERY_ROUTES.flatMap((route) => ROLES.map((role) => ({ ...route, role }))))(
    'Z-01 allows $method $path for the role $role only if the route table does',
    async ({ path, access, role }) => {
      const status = await statusOf(path, world.token(await addDataKey(world), { roles: [role] }));
      const allowed = access === 'public' || access === 'signed-in' || access.includes(role);
      expect(status === 403).toBe(!allowed);
      expect(status).not.toBe(500);
    },
  );

  it('Z-01 allows a user without roles only to read their own profile', async () => {
    const token = world.token(randomUUID(), { roles: [] });
    expect(await statusOf('/users', token)).toBe(403);
    expect(await statusOf('/user', token)).toBe(503);
  });

  it('H-01 sets the security headers on answers and errors', async () => {
    for (const response of [await world.get('/user'), await world.get('/nothing-here')]) {
      expect(response.headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(response.headers.get('cache-control')).toContain('no-store');
      expect(response.headers.get('x-powered-by')).toBeNull();
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('T-08 refuses only the tokens of the ended session', async () => {
    const [id, sid] = [randomUUID(), randomUUID()];
    await world.addUser({ id });
    const [ended, other] = [world.token(id, { sid }), world.token(id)];
    expect(await statusOf('/user', ended)).toBe(200);
    await world.addSessionRevocation(id, sid);
    await until(async () => (await statusOf('/user', ended)) === 401);
    expect(await statusOf('/user', other)).toBe(200);
  });

  it('T-08 refuses the tokens issued before a revocation, and none issued after it', async () => {
    const id = randomUUID();
    await world.addUser({ id });
    const [before, after] = [world.token(id, { epoch: 4n }), world.token(id, { epoch: 5n })];
    expect(await statusOf('/user', before)).toBe(200);
    await world.addRevocationBefore(id, 5n);
    await until(async () => (await statusOf('/user', before)) === 401);
    expect(await statusOf('/user', after)).toBe(200);
    await world.addRevocationBefore(id, 3n);
    await world.addRevocationBefore(id, 6n);
    await until(async () => (await statusOf('/user', after)) === 401);
  });

  it('is ready when keys and revocations are loaded and the read model answers', async () => {
    await until(async () => (await world.service.readiness()).ready);
    expect(await world.service.readiness()).toEqual({
      ready: true,
      checks: { postgres: 'up', vault: 'up', jwks: 'up', reconciler: 'up' },
    });
    expect((await fetch(`${world.base}/health/ready`)).status).toBe(200);
  });
});

describe('access while the vault hangs', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  it('T-08 answers 503 while revocations cannot be checked, and applies them once the vault is back', async () => {
    const id = randomUUID();
    await world.addUser({ id });
    const token = world.token(id);
    expect((await world.get('/user', token)).status).toBe(200);
    await world.vaultProxy.set('hang');
    await until(async () => (await world.get('/user', token)).status === 503);
    expect((await world.service.readiness()).checks.vault).toBe('down');
    await world.addRevocationBefore(id, 1n);
    await world.vaultProxy.set('pass');
    world.vaultProxy.resetConnections();
    await until(async () => (await world.get('/user', token)).status === 401);
    expect((await world.get('/user', world.token(id, { epoch: 1n }))).status).toBe(200);
  });
});
