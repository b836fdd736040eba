import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../../../test/testHost.js';

const CANARY = 'canary-7f3a9c';

let host: TestHost;

beforeEach(async () => {
  host = await startTestHost();
});

afterEach(() => host.close());

describe('bodyParser', () => {
  it('I-01 refuses NUL, unpaired surrogates and deep nesting, and names only the field', async () => {
    const nested = `${'['.repeat(30)}1${']'.repeat(30)}`;
    const bodies: [string, string][] = [
      [`{"password":"${CANARY}\\u0000"}`, 'password'],
      [`{"name":"${CANARY}\\ud800"}`, 'name'],
      [`{"deep":${nested}}`, 'deep'],
      [`{"n":1e400}`, 'n'],
      [`{"${CANARY}\\u0000":1}`, 'body'],
      [`{"${'['.repeat(40)}":"\\u0000"}`, 'body'],
      ...[`"${CANARY}"`, '5', `{"${CANARY}`].map((body): [string, string] => [body, 'body']),
    ];
    for (const [body, field] of bodies) {
      const answer = await host.post('/api/v1/auth/login', body);
      const text = await answer.text();
      expect(answer.status).toBe(400);
      expect(text).not.toContain(CANARY);
      expect(JSON.parse(text).errors).toEqual([{ field, message: expect.any(String) }]);
    }
    expect(host.lines.join('')).not.toContain(CANARY);
  });

  it('I-03 refuses a field that is given twice, and names neither it nor its values', async () => {
    for (const body of [`{"email":"${CANARY}","email":"b"}`, `{"${CANARY}":1,"b":{"c":[],"c":1}}`]) {
      const answer = await host.post('/api/v1/auth/login', body);
      const errors = [{ field: 'body', message: 'must not have a field twice' }];
      expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ errors })]);
    }
  });

  it.each([
    ['declares too many bytes', { 'content-length': '900000000' }],
    ['sends too many bytes', { 'transfer-encoding': 'chunked' }],
  ])('I-01 answers 413 to a client that %s, before all have arrived', async (_what, headers) => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { port: host.port, path: '/api/v1/auth/login', method: 'POST', agent: false };
      const request = httpRequest({ ...options, headers: { ...headers, 'content-type': 'application/json' } });
      request.on('response', (response) => {
        request.destroy();
        resolve(response);
      });
      request.on('error', reject);
      request.write(Buffer.alloc(70_000, 'a'));
    });
    expect(answer.statusCode).toBe(413);
  });

  it.each(['/api/v1/auth/confirm', '/api/v1/auth/confirm/', '/api/v1/AUTH/Confirm/'])(
    'accepts a form on %s, as the router does',
    async (path) => {
      const answer = await host.post(path, 'token=a', 'application/x-www-form-urlencoded');
      expect([answer.status, await answer.json()]).toEqual([200, { body: { token: 'a' } }]);
    },
  );

  it('I-01 refuses a body of 30,000 nested arrays with 400', async () => {
    const body = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    expect((await host.post('/api/v1/auth/login', body)).status).toBe(400);
  });

  it.each(['utf-8', 'UTF-8', 'utf8', '"UTF8"', '"utf-8"'])('accepts the charset %s', async (charset) => {
    const answer = await host.post('/api/v1/auth/login', '{"name":"é"}', `application/json;charset=${charset}; x=y`);
    expect(await answer.json()).toEqual({ body: { name: 'é' } });
    const form = await host.post(
      '/api/v1/auth/confirm',
      'token=%C3%A9',
      `application/x-www-form-urlencoded; charset=${charset}`,
    );
    expect(await form.json()).toEqual({ body: { token: 'é' } });
  });

  it.each(['token=caf%E9', 'token=50%+off', 'token=x&name=%', 'token=%u00e9', 't%ff=x'])(
    'refuses a form with an escape that does not decode: %s',
    async (form) => {
      const answer = await host.post('/api/v1/auth/confirm', form, 'application/x-www-form-urlencoded');
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        type: expect.stringMatching(/body-unreadable$/),
        errors: [{ field: 'body', message: 'must be percent-encoded UTF-8' }],
      });
    },
  );

  it.each(['utf-16', 'utf-16le', 'utf-7', 'utf-32', 'iso-8859-1', 'us-ascii', 'utf', '""', 'utf-8; charset=utf-16'])(
    'answers 415 to the charset %s',
    async (charset) => {
      for (const [path, type] of [
        ['/api/v1/auth/login', 'application/json'],
        ['/api/v1/auth/confirm', 'application/x-www-form-urlencoded'],
      ] as const)
        expect((await host.post(path, '{}', `${type}; charset=${charset}`)).status).toBe(415);
    },
  );

  it.each(['gzip', 'br', 'zstd'])('answers 415 to a body compressed with %s, and says so', async (coding) => {
    const answer = await host.call('/api/v1/auth/login', {
      ...{ method: 'POST', body: '{}' },
      headers: { 'content-type': 'application/json', 'content-encoding': coding },
    });
    expect([answer.status, answer.headers.get('accept-encoding')]).toEqual([415, 'identity']);
    expect(await answer.json()).toMatchObject({ title: 'The route does not accept a body of this type or encoding' });
  });

  it('accepts a form only on a route that declares it', async () => {
    const form = 'application/x-www-form-urlencoded';
    const answer = await host.post('/api/v1/auth/confirm', 'token=t&password=p+w', form);
    expect(await answer.json()).toEqual({ body: { token: 't', password: 'p w' } });
    expect((await host.post('/api/v1/auth/login', 'token=t&password=p+w', form)).status).toBe(415);
  });

  it('I-01 refuses a body of more than 500 values, at any depth', async () => {
    const tooMany = [
      Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`f${at}`, 0])),
      { roles: Array(500).fill('a') },
      { a: Array(250).fill([0]) },
    ];
    for (const body of tooMany) {
      const answer = await host.post('/api/v1/auth/login', JSON.stringify(body));
      expect([answer.status, await answer.json()]).toMatchObject([
        400,
        { errors: [{ field: 'body', message: 'must have at most 500 values' }] },
      ]);
    }
    expect((await host.post('/api/v1/auth/login', JSON.stringify({ roles: Array(499).fill('a') }))).status).toBe(200);
  });

  it('leaves the body undefined when none was sent, or null, as some clients do', async () => {
    expect(await (await host.call('/api/v1/auth/login', { method: 'POST' })).json()).toEqual({ body: null });
    const answer = await host.post('/api/v1/auth/login', ' null\n');
    expect([answer.status, await answer.json()]).toEqual([200, { body: null }]);
  });
});
