import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import type { Request } from 'express';
import { type World, world } from '../test/world.js';
import { expressAuthentication } from './authorization/authentication.js';
import { startQueryApi } from './service.js';

describe('startQueryApi', () => {
  let here: World;
  beforeAll(async () => {
    here = await world();
  });
  afterAll(() => here.close());

  it('closes what it had opened when it cannot start', async () => {
    const nowhere = new URL(here.config.DATABASE_URL);
    nowhere.pathname = '/gone';
    const starting = startQueryApi({ ...here.config, DATABASE_URL: nowhere.href }, { log: silentLog });
    await expect(starting).rejects.toThrow('The database of projector does not let us in (3D000).');
  });

  it('is not ready without the keys of access tokens', async () => {
    const service = await startQueryApi(
      { ...here.config, ACCESS_TOKEN_JWKS: '/nowhere/jwks.json' },
      { log: silentLog },
    );
    expect(await service.readiness()).toMatchObject({ ready: false, checks: { jwks: 'down', postgres: 'up' } });
    await service.close();
  });

  it("authenticates only requests that came through a service's router", () => {
    expect(() => expressAuthentication({} as Request, 'bearer')).toThrow('did not come through');
  });
});
