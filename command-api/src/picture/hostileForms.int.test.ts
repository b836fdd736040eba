import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import { type TestObjectStorage, testObjectStorage } from '../../../infra/embedded/test/objectStorage.js';
import { until } from '../../../infra/kit/test/until.js';
import { signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

const BOUNDARY = 'the-boundary';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(2_000, 7)]);
const END = `--${BOUNDARY}--\r\n`;

const part = (disposition: string, content: string | Buffer = 'a'): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data${disposition}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
const FILE = part('; name="picture"; filename="a.png"', PNG);
const form = (...parts: (Buffer | string)[]): Buffer => Buffer.concat(parts.map((one) => Buffer.from(one)));

let s3: TestObjectStorage;
let api: TestApi;
let token: string;
beforeAll(async () => {
  s3 = await testObjectStorage();
  api = await testApi({ ...s3.settings(), LIMIT_PICTURES_PER_USER: '1000' });
  token = (await signInNewUser(api, 'ada@example.org')).accessToken;
});
afterAll(async () => {
  await api.close();
  await s3.close();
});

const put = (body: Buffer, type = TYPE) =>
  fetch(`${api.base}${API_PREFIX}/user`, {
    method: 'PUT',
    headers: { 'content-type': type, authorization: `Bearer ${token}` },
    body: new Uint8Array(body),
  });

/** Not while the object storage is slow, or the connections that were cut off still hold the slots of the user. */
const isReceived = async (): Promise<boolean> => (await put(form(FILE, END))).status === 202;

/** Ends the connection after half of a file. */
const cutOff = async (): Promise<void> => {
  const socket = connect(Number(new URL(api.base).port), '127.0.0.1');
  const head = `PUT ${API_PREFIX}/user HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${TYPE}\r\n`;
  socket.write(`${head}Content-Length: 100000\r\n\r\n`);
  await new Promise((resolve) => socket.write(FILE.subarray(0, 1_000), resolve));
  socket.destroy();
};

const openFiles = async (): Promise<number> => (await readdir('/proc/self/fd')).length;

/** Requests that ended or blocked services with Multer, and others that no client of this API sends. */
const HOSTILE: [string, Buffer, string?][] = [
  ['a field without a name (CVE-2025-48997)', form(part('; name=""'), END)],
  ['a file without a name (CVE-2025-48997)', form(part('; name=""; filename="a.png"', PNG), END)],
  ['headers that do not end (CVE-2025-47944)', form(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="picture"`)],
  ['a form that ends in a file (CVE-2025-7338)', form(FILE.subarray(0, 500))],
  ['a form that ends after a file (CVE-2025-7338)', form(FILE, `--${BOUNDARY}\r\nContent-Dis`)],
  ['a thousand fields', form(...Array.from({ length: 1_000 }, (_, index) => part(`; name="f${index}"`)), END)],
  ['a thousand files', form(...Array.from({ length: 1_000 }, () => FILE), END)],
  ['two files', form(FILE, FILE, END)],
  ['a file of another name', form(part('; name="avatar"; filename="a.png"', PNG), END)],
  ['a very long name', form(part(`; name="${'n'.repeat(60_000)}"`), END)],
  ['a very long value', form(part('; name="name"', 'v'.repeat(70_000)), END)],
  ['a type without a boundary', form(FILE, END), 'multipart/form-data'],
  ['an empty boundary', form(FILE, END), 'multipart/form-data; boundary=""'],
  ['nothing at all', form('')],
];

describe('forms that no client sends', () => {
  it.each(HOSTILE)('U-01 are refused: %s', async (...[, body, type]) => {
    const answer = await put(body, type);
    const problem = (await answer.json()) as { type: string };
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(problem.type).toMatch(/\/(body-unreadable|body-too-large|validation-failed|picture-too-large)$/);
    expect((await put(form(part('; name="name"', 'Ada'), END))).status).toBe(200);
  });

  it('U-01 leave no file open, however they end, and the next picture is received (CVE-2025-47935)', async () => {
    await until(isReceived);
    const before = await openFiles();
    for (let time = 0; time < 20; time += 1) await cutOff();
    for (const [, body, type] of HOSTILE) await (await put(body, type)).text();
    // Connections to the object storage and of this client may stay, and are fewer than what was cut off.
    await until(async () => (await openFiles()) < before + 10);
    await until(isReceived);
  });
});
