import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import { startTestHost, type TestHost } from '../../../test/testHost.js';

const PATH = '/api/v1/auth/confirm';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
const FORM = 'application/x-www-form-urlencoded';

let host: TestHost;
beforeAll(async () => {
  const routes = Router();
  routes.get('/auth/confirm', () => {
    throw new Error('secret text of an unknown error');
  });
  host = await startTestHost(
    {
      browserPages: {
        '/auth/confirm': ({ errors, ...problem }) => ({
          html: `<p>${JSON.stringify({ ...problem, fields: errors.map(({ field }) => field) })}`,
          policy: "default-src 'none'",
        }),
      },
    },
    routes,
  );
});
afterAll(() => host.close());

const typeOf = (answer: Response) => answer.headers.get('content-type')?.split(';')[0];
const shown = async (answer: Response) => JSON.parse((await answer.text()).replace('<p>', '')) as object;

describe('browserPages', () => {
  it.each([
    ['a query parameter that is given twice', `${PATH}?token=a&token=b`, 400, 'validation-failed'],
    ['a name with brackets', `${PATH}?token[]=a`, 400, 'validation-failed'],
    ['NUL', `${PATH}?token=%00`, 400, 'validation-failed'],
    ['a URL that is too long', `${PATH}?token=${'x'.repeat(5_000)}`, 414, 'uri-too-long'],
    ['an unknown error', `${PATH}/`, 500, 'internal-error'],
    [
      'an unknown error, on the path in another case',
      PATH.toUpperCase().replace('/API/V1', '/api/v1'),
      500,
      'internal-error',
    ],
  ])('answer a browser that asks with %s', async (_, path, status, slug) => {
    const answer = await host.call(path, { headers: { accept: BROWSER } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await shown(answer)).toMatchObject({ slug, status, requestId: answer.headers.get('x-request-id') });
  });

  it.each([
    ['a body that is too large', 'x'.repeat(70_000), FORM, 413],
    ['too many fields', 'a=1&'.repeat(30), FORM, 413],
    ['a character set that is not UTF-8', 'a=1', `${FORM}; charset=utf-16`, 415],
    ['text that cannot be stored', 'password=%00', FORM, 400],
    ['bytes that are not UTF-8', Buffer.from([0x61, 0x3d, 0xff]), FORM, 400],
  ])('answer a form with %s, whatever the client accepts', async (_, body, type, status) => {
    const answer = await host.post(PATH, body, type);
    expect([answer.status, typeOf(answer)]).toEqual([status, 'text/html']);
  });

  it('answer a browser whose body has a type that is not accepted', async () => {
    const init = { method: 'POST', body: 'token=a', headers: { accept: BROWSER, 'content-type': 'text/plain' } };
    const answer = await host.call(PATH, init);
    expect([answer.status, typeOf(answer)]).toEqual([415, 'text/html']);
  });

  it.each([
    ['accept everything alike', '*/*'],
    ['prefer JSON', 'application/json, text/html;q=0.9'],
    ['prefer JSON with a parameter', 'application/json;charset=utf-8, text/html;q=0.9'],
    ['prefer problem+json', 'application/problem+json, text/html;q=0.9'],
    ['accept neither', 'image/png'],
  ])('are not for clients that %s', async (_, accept) => {
    const answer = await host.call(`${PATH}?token=a&token=b`, { headers: { accept } });
    expect([answer.status, typeOf(answer)]).toEqual([400, 'application/problem+json']);
  });

  it('are not for clients that send JSON', async () => {
    const init = { method: 'POST', body: '{', headers: { accept: BROWSER, 'content-type': 'application/json' } };
    expect(typeOf(await host.call(PATH, init))).toBe('application/problem+json');
  });

  it('are not for other paths', async () => {
    const answer = await host.call('/api/v1/users', { headers: { accept: BROWSER } });
    expect([answer.status, typeOf(answer)]).toEqual([503, 'application/problem+json']);
  });
});
