import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Problem } from '@ums/contracts/http/problem';
import { Router } from 'express';
import { startTestHost, type TestHost } from '../../../test/testHost.js';

let host: TestHost;

beforeEach(async () => {
  const routes = Router();
  routes.get('/users', ({ query }, response) => void response.json(query));
  host = await startTestHost({ routers: [routes] });
});

afterEach(() => host.close());

const faultsOf = async (path: string, init: RequestInit = {}) => {
  const answer = await host.call(`/api/v1${path}`, init);
  return [answer.status, ((await answer.json()) as Problem).errors];
};

describe('checkQueryParameters', () => {
  it.each([
    ['/users?role=admin', 'role'],
    ['/users?Limit=5', 'Limit'],
    ['/users/?limit=5&page=2', 'page'],
    ['/USERS?page=2', 'page'],
    ['/users?constructor=1', 'constructor'],
    ['/users?__proto__=1', 'query'],
    ['/users?=5', 'query'],
    ['/users?limit', 'limit', 'must be a whole number'],
    [`/users?${'a'.repeat(65)}=1`, 'query'],
    ['/users?%3Cscript%3E=1', 'query'],
  ])('I-03 refuses %s and names the parameter', async (path, field, message = 'is not a parameter of this request') => {
    expect(await faultsOf(path)).toEqual([400, [{ field, message }]]);
  });

  it('I-03 refuses a value that does not decode', async () => {
    const errors = [{ field: 'limit', message: 'must be percent-encoded UTF-8' }];
    for (const value of ['%ff', 'caf%E9', '%ed%a0%80'])
      expect(await faultsOf(`/users?limit=${value}`)).toEqual([400, errors]);
  });

  it('I-03 refuses them for the other methods', async () => {
    const errors = [{ field: 'debug', message: 'is not a parameter of this request' }];
    expect(await faultsOf('/auth/login?debug=1', { method: 'POST' })).toEqual([400, errors]);
    expect((await host.call('/api/v1/users?debug=1', { method: 'HEAD' })).status).toBe(400);
  });

  it.each(['+5', '%2B5', '007', '00', '-0', '5.0', '5e0', '0x5', ' 5', '5%20', '', 'five', 'NaN'])(
    'I-03 does not read %j as a number',
    async (limit) => {
      expect(await faultsOf(`/users?limit=${limit}`)).toEqual([
        400,
        [{ field: 'limit', message: 'must be a whole number' }],
      ]);
    },
  );

  it.each(['0', '5', '-5', '100'])('passes the whole number %s on', async (limit) => {
    expect(await (await host.call(`/api/v1/users?limit=${limit}&after=%2B5`)).json()).toEqual({ limit, after: '+5' });
  });

  it('does not check operations that are not in the table, or paths outside the API', async () => {
    for (const path of ['/', '/health/live', '/.well-known/jwks.json'])
      expect((await host.call(`${path}?v=2`)).status).toBe(200);
    expect((await host.call('/api/v1/user?v=2')).status).toBe(404);
  });
});
