import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../../test/testHost.js';

const [APP, EVIL] = ['https://app.example.org', 'https://evil.example'];
const FORM = 'application/x-www-form-urlencoded';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost();
});
afterAll(() => host.close());

/** Sends a body as a browser does from a page of an origin. */
const send = async (site: string | undefined, origin: string, type = FORM, body = 'token=a') => {
  const headers = [
    ...['Host: a', 'Connection: close', `Origin: ${origin}`, `Content-Type: ${type}`],
    ...[`Content-Length: ${body.length}`, ...(site === undefined ? [] : [`Sec-Fetch-Site: ${site}`])],
  ];
  const answer = await host.raw(`POST /api/v1/auth/confirm HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
  return [answer.slice(9, 12), /problems\/([a-z-]+)/.exec(answer)?.[1]];
};

describe('a form of a page of another origin', () => {
  it.each([FORM, 'multipart/form-data; boundary=a', 'text/plain', 'TEXT/PLAIN;charset=UTF-8'])(
    'H-01 is refused as %s',
    async (type) => {
      for (const site of ['cross-site', 'same-site'])
        for (const origin of [EVIL, 'null'])
          expect(await send(site, origin, type)).toEqual(['403', 'origin-not-allowed']);
    },
  );

  it('H-01 is taken where CORS allows the origin', async () => {
    expect(await send('cross-site', APP)).toEqual(['200', undefined]);
  });

  it.each(['same-origin', 'none', undefined])(
    'H-01 is taken from the own pages and from no page (%s)',
    async (site) => {
      expect(await send(site, 'null')).toEqual(['200', undefined]);
    },
  );

  it('H-01 is not what JSON is, which browsers do not send unasked', async () => {
    expect(await send('cross-site', EVIL, 'application/json', '{}')).toEqual(['200', undefined]);
  });
});
