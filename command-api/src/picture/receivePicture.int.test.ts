import { randomBytes } from 'node:crypto';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import { type TestObjectStorage, testObjectStorage } from '../../../infra/embedded/test/objectStorage.js';
import { sendAfterContinue } from '../../../infra/kit/test/sendAfterContinue.js';
import { until } from '../../../infra/kit/test/until.js';
import { PASSWORD, signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(2_000, 7)]);

let s3: TestObjectStorage;
let api: TestApi;
const stalled: ClientRequest[] = [];
/** Those of `stalled` that have no response yet. */
const unanswered = new Set<ClientRequest>();
let refused = 0;
beforeAll(async () => {
  s3 = await testObjectStorage();
  api = await testApi({ ...s3.settings(), TRUSTED_PROXIES: '127.0.0.1' });
});
afterEach(async () => {
  await endStalled();
  refused = 0;
});
afterAll(async () => {
  await api.close();
  await s3.close();
});

/** Sends the beginning of an upload, and no more. */
const stall = (method: string, path: string, headers: Record<string, string>): ClientRequest => {
  const type = { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 100_000 };
  const url = `${api.base}${API_PREFIX}${path}`;
  const request = httpRequest(url, { method, agent: false, headers: { ...type, ...headers } });
  request.on('error', () => undefined);
  request.on('response', (response) => {
    unanswered.delete(request);
    if (response.statusCode === 503 || response.statusCode === 429) refused += 1;
    response.resume();
  });
  request.write('--b\r\ncontent-disposition: form-data; name="picture"; filename="a.png"\r\n\r\n');
  stalled.push(request);
  unanswered.add(request);
  return request;
};
/** Ends the stalled uploads, and waits until the service has noticed. */
const endStalled = async (): Promise<void> => {
  const closed = () => api.logged.filter((line) => line.includes('"msg":"request"')).length;
  const all = closed() + unanswered.size;
  unanswered.clear();
  for (const request of stalled.splice(0)) request.destroy();
  await until(() => closed() >= all);
};
/** Sends an upload that stays below the limit of a stalled body. */
const drip = (path: string, headers: Record<string, string>): void => {
  const request = stall('POST', path, headers);
  request.write(PNG.subarray(0, 100));
  const timer = setInterval(() => request.write('x'), 200);
  request.once('close', () => clearInterval(timer));
};
interface Asked {
  token?: string;
  from?: string;
  fields?: Record<string, string>;
}
const upload = async (method: string, path: string, picture: Uint8Array, asked: Asked) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(asked.fields ?? {})) body.set(name, value);
  body.set('picture', new Blob([picture]), 'a.png');
  const headers: Record<string, string> = asked.from === undefined ? {} : { 'x-forwarded-for': asked.from };
  return (await api.ask(method, path, { body, headers, ...(asked.token && { token: asked.token }) })).status;
};
/** The status of an upload that stores nothing if it is received. */
const register = (from: string) => upload('POST', '/auth/register', randomBytes(100), { from });

describe('uploads at once', () => {
  it('free their slots though their clients do not read the answers', async () => {
    const from = '192.0.2.200';
    const form = ['--b', 'Content-Disposition: form-data; name="picture"; filename="a.png"', '', 'x', '--b--', ''].join(
      '\r\n',
    );
    const head = [
      `POST ${API_PREFIX}/auth/register HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${from}`,
      `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${form.length}\r\n\r\n`,
    ].join('\r\n');
    const answered = () => api.logged.filter((line) => line.includes('"slug":"not-a-picture"')).length;
    const before = answered();
    const sockets = Array.from({ length: 4 }, () => connect(Number(new URL(api.base).port), '127.0.0.1').pause());
    for (const socket of sockets) socket.write(head + form);
    await until(() => answered() === before + sockets.length);
    expect(await register(from)).not.toBe(429);
    for (const socket of sockets) socket.destroy();
  });

  it('of anonymous clients, from however many sources, do not stop the upload of a user', async () => {
    const { accessToken: token } = await signInNewUser(api, 'ada@example.org');
    for (let index = 0; index < 32; index += 1)
      stall('POST', '/auth/register', { 'x-forwarded-for': `192.0.2.${index}` });
    await until(async () => refused === 16);
    expect([await register('198.51.100.1'), await upload('PUT', '/user', PNG, { token })]).toEqual([503, 202]);
    await endStalled();
    expect(await register('198.51.100.1')).toBe(415);
  });

  it('H-03 of sources that send slowly stop no other source for long', async () => {
    for (let index = 0; index < 20; index += 1) drip('/auth/register', { 'x-forwarded-for': `192.0.2.${index % 4}` });
    await until(() => refused === 4);
    const fields = { email: 'newcomer@example.org', name: 'Ada Lovelace', password: PASSWORD };
    const registration = () => upload('POST', '/auth/register', PNG, { from: '198.51.100.2', fields });
    await until(async () => (await registration()) === 202);
    // The answer to the upload whose slot it took can arrive after its own.
    await until(() => refused >= 5);
    expect(refused).toBe(5);
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

describe('a client that waits with its upload (Expect: 100-continue)', () => {
  const part =
    '--b\r\ncontent-disposition: form-data; name="picture"; filename="a"\r\n\r\nno picture of any kind\r\n--b--\r\n';
  const statuses = async (line: string, length: number): Promise<string[]> => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b', 'content-length': length };
    const port = Number(new URL(api.base).port);
    const request = { line: line.replace(' ', ` ${API_PREFIX}`), headers, body: part };
    return (await sendAfterContinue(port, request)).match(/^HTTP\/1\.1 \d+/gm) ?? [];
  };

  it('is refused before it sends where it declares too much or may not send a file', async () => {
    expect(await statuses('POST /auth/register', 6_000_000)).toEqual(['HTTP/1.1 413']);
    expect(await statuses('PUT /user', part.length)).toEqual(['HTTP/1.1 401']);
  });

  it('is asked for the upload otherwise', async () => {
    expect(await statuses('POST /auth/register', part.length)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 415']);
  });
});
