import { describe, expect, it } from '@jest/globals';
import { ROUTES } from '@ums/contracts/routes';
import { USER_API } from './userApi.js';

describe('USER_API', () => {
  it('I-03 knows every route of the API except those that mailed links lead to', () => {
    const { queryParameters } = USER_API;
    const linked = ['get /auth/confirm', 'get /erasures/{receipt}'];
    const names = ROUTES.map(({ method, path }) => `${method} ${path}`).filter((name) => !linked.includes(name));
    expect(Object.keys(queryParameters).sort()).toEqual(names.sort());
    expect(queryParameters['get /users']).toMatchObject({ limit: 'integer', after: 'string', search: 'string' });
  });
});
