import { describe, expect, it } from '@jest/globals';
import { ROUTES } from '@ums/contracts/routes';
import { USER_API } from './userApi.js';

describe('USER_API', () => {
  it('I-03 knows every route of the API except the page of a mailed link', () => {
    const { queryParameters } = USER_API;
    const names = ROUTES.map(({ method, path }) => `${method} ${path}`).filter((name) => name !== 'get /auth/confirm');
    expect(Object.keys(queryParameters).sort()).toEqual(names.sort());
    expect(queryParameters['get /users']).toMatchObject({ limit: 'integer', after: 'string', search: 'string' });
  });
});
