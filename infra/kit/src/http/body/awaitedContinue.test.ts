import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sendAfterContinue } from '../../../test/sendAfterContinue.js';
import { startTestHost, type TestHost } from '../../../test/testHost.js';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const LOGIN = 'POST /api/v1/auth/login';
const CONFIRM = 'POST /api/v1/auth/confirm';

let host: TestHost;
beforeEach(async () => {
  host = await startTestHost();
});
afterEach(() => host.close());

const statusesOf = (received: string): number[] =>
  [...received.matchAll(/^HTTP\/1\.1 (\d+) /gm)].map(([, status]) => Number(status));
/** The statuses that a client with `Expect: 100-continue` gets. */
const ask = async (line: string, headers: Record<string, string | number>, body = ''): Promise<number[]> =>
  statusesOf(await sendAfterContinue(host.port, { line, headers, body }));

describe('Expect: 100-continue', () => {
  it.each([
    ['a JSON body that is too large', 413, LOGIN, { 'Content-Type': JSON_TYPE, 'Content-Length': 70_000 }],
    ['a form that is too large', 413, CONFIRM, { 'Content-Type': FORM_TYPE, 'Content-Length': 70_000 }],
    ['a body of another type', 415, LOGIN, { 'Content-Type': 'text/plain', 'Content-Length': 7 }],
    ['another method', 405, 'PATCH /api/v1/auth/login', { 'Content-Type': JSON_TYPE, 'Content-Length': 7 }],
    ['no host', 400, LOGIN, { Host: '', 'Content-Type': JSON_TYPE, 'Content-Length': 7 }],
    ['a length that is no number', 400, LOGIN, { 'Content-Type': JSON_TYPE, 'Content-Length': 'seven' }],
    ['another expectation too', 417, LOGIN, { Expect: '100-continue, more', 'Content-Length': 7 }],
  ])('I-01 refuses %s with %i, without asking for the body', async (_what, status, line, headers) => {
    expect(await ask(line, headers)).toEqual([status]);
  });

  it('asks for a body that it accepts, also for one without a declared length', async () => {
    expect(await ask(LOGIN, { 'Content-Type': JSON_TYPE, 'Content-Length': 7 }, '{"a":1}')).toEqual([100, 200]);
    expect(await ask(CONFIRM, { 'Content-Type': FORM_TYPE, 'Content-Length': 3 }, 'a=1')).toEqual([100, 200]);
    const chunked = { 'Content-Type': JSON_TYPE, 'Transfer-Encoding': 'chunked' };
    expect(await ask(LOGIN, chunked, '7\r\n{"a":1}\r\n0\r\n\r\n')).toEqual([100, 200]);
    expect(await ask(LOGIN, chunked, `${(70_000).toString(16)}\r\n${'a'.repeat(70_000)}\r\n`)).toEqual([100, 413]);
  });

  it('closes the connection after a refusal, because the client may send the body or not', async () => {
    const headers = { 'Content-Type': JSON_TYPE, 'Content-Length': 70_000, Connection: 'keep-alive' };
    expect(await sendAfterContinue(host.port, { line: LOGIN, headers })).toMatch(/^connection: close\r$/im);
  });

  it('answers a request without a body at once', async () => {
    expect(await ask('GET /api/v1/user', {})).toEqual([200]);
  });
});
