import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import type { Request } from 'express';
import { createWorld, type World } from '../test/world.js';
import { expressAuthentication } from './authentication.js';
import { QUERY_PROBLEMS } from './problems.js';
import { startQueryApi } from './service.js';

describe('startQueryApi', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ CORS_ORIGINS: ['https://app.example.org'] });
  });
  afterAll(() => world.close());

  it('closes what it opened when the start fails', async () => {
    const nowhere = new URL(world.config.DATABASE_URL);
    nowhere.pathname = '/gone';
    const starting = startQueryApi({ ...world.config, DATABASE_URL: nowhere.href }, { log: silentLog });
    await expect(starting).rejects.toThrow('The database of projector rejects the login (3D000).');
  });

  it('is not ready without the keys of access tokens', async () => {
    const service = await startQueryApi(
      { ...world.config, ACCESS_TOKEN_JWKS: '/nowhere/jwks.json' },
      { log: silentLog },
    );
    expect(await service.readiness()).toMatchObject({ ready: false, checks: { jwks: 'down', postgres: 'up' } });
    await service.close();
  });

  it('H-01 lets scripts of CORS_ORIGINS read its answers, and no others', async () => {
    const allowed = async (origin: string) => {
      const { status, headers } = await world.get('/user?asOf=x', undefined, { origin });
      return [status, headers.get('access-control-allow-origin')];
    };
    expect(await allowed('https://app.example.org')).toEqual([401, 'https://app.example.org']);
    expect(await allowed('https://other.example.org')).toEqual([401, null]);
  });

  it('H-04 has a page for every problem of its own', async () => {
    for (const slug of Object.keys(QUERY_PROBLEMS))
      expect([slug, (await fetch(`${world.base}/problems/${slug}`)).status]).toEqual([slug, 200]);
  });

  it("authenticates only requests that came through a service's router", async () => {
    await expect(expressAuthentication({} as Request, 'bearer')).rejects.toThrow('did not come through');
  });
});
