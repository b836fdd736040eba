import { randomBytes } from 'node:crypto';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import { type TestObjectStorage, testObjectStorage } from '../../../infra/embedded/test/objectStorage.js';
import { until } from '../../../infra/kit/test/until.js';
import { signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(2_000, 7)]);

let s3: TestObjectStorage;
let api: TestApi;
const stalled: ClientRequest[] = [];
let refused = 0;
beforeAll(async () => {
  s3 = await testObjectStorage();
  api = await testApi({ ...s3.settings(), TRUSTED_PROXIES: '127.0.0.1' });
});
afterEach(() => {
  for (const request of stalled.splice(0)) request.destroy();
  refused = 0;
});
afterAll(async () => {
  await api.close();
  await s3.close();
});

/** Sends the beginning of an upload, and no more. */
const stall = (method: string, path: string, headers: Record<string, string>): void => {
  const type = { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 100_000 };
  const url = `${api.base}${API_PREFIX}${path}`;
  const request = httpRequest(url, { method, agent: false, headers: { ...type, ...headers } });
  request.on('error', () => undefined);
  request.on('response', (response) => {
    if (response.statusCode === 503 || response.statusCode === 429) refused += 1;
    response.resume();
  });
  request.write('--b\r\ncontent-disposition: form-data; name="picture"; filename="a.png"\r\n\r\n');
  stalled.push(request);
};
const upload = async (method: string, path: string, picture: Uint8Array, asked: { token?: string; from?: string }) => {
  const body = new FormData();
  body.set('picture', new Blob([picture]), 'a.png');
  const headers: Record<string, string> = asked.from === undefined ? {} : { 'x-forwarded-for': asked.from };
  return (await api.ask(method, path, { body, headers, ...(asked.token && { token: asked.token }) })).status;
};
/** The status of an upload that stores nothing if it is received. */
const register = (from: string) => upload('POST', '/auth/register', randomBytes(100), { from });

describe('uploads at once', () => {
  it('of anonymous clients, from however many sources, do not stop the upload of a user', async () => {
    const { accessToken: token } = await signInNewUser(api, 'ada@example.org');
    for (let index = 0; index < 32; index += 1)
      stall('POST', '/auth/register', { 'x-forwarded-for': `192.0.2.${index % 8}` });
    await until(async () => refused === 16);
    expect([await register('198.51.100.1'), await upload('PUT', '/user', PNG, { token })]).toEqual([503, 202]);
    for (const request of stalled.splice(0)) request.destroy();
    await until(async () => (await register('198.51.100.1')) === 415);
  });

  it('of a user do not stop those of another user at the same source', async () => {
    const users = [await signInNewUser(api, 'grace@example.org'), await signInNewUser(api, 'eve@example.org')];
    const [grace, eve] = users.map(({ accessToken }) => accessToken);
    for (let count = 1; count <= 8; count += 1) stall('PUT', '/user', { authorization: `Bearer ${grace}` });
    const invalid = (token = '') => upload('PUT', '/user', randomBytes(100), { token });
    await until(async () => refused === 6);
    expect([await invalid(grace), await invalid(eve)]).toEqual([429, 415]);
    expect(await upload('PUT', '/user', PNG, { token: eve ?? '' })).toBe(202);
  });
});
