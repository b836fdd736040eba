import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../../test/testHost.js';

const [APP, EVIL] = ['https://app.example.org', 'https://evil.example'];
const FORM = 'application/x-www-form-urlencoded';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost();
});
afterAll(() => host.close());

/** Sends a request as a browser does from a page. @returns the status, and the slug of a problem */
const ask = async (line: string, headers: readonly string[], body = '') => {
  const head = [`${line} HTTP/1.1`, 'Host: a', 'Connection: close', ...headers].join('\r\n');
  const answer = await host.raw(`${head}\r\n\r\n${body}`);
  return [answer.slice(9, 12), /problems\/([a-z-]+)/.exec(answer)?.[1]];
};
const CONFIRM = 'POST /api/v1/auth/confirm';
const send = (site: string | undefined, origin: string, type = FORM, body = 'token=a') => {
  const headers = [`Origin: ${origin}`, `Content-Type: ${type}`, `Content-Length: ${body.length}`];
  return ask(CONFIRM, [...headers, ...(site === undefined ? [] : [`Sec-Fetch-Site: ${site}`])], body);
};
const [FROM_ELSEWHERE, EMPTY] = ['Sec-Fetch-Site: cross-site', 'Content-Length: 0'];
const REFUSED = ['403', 'origin-not-allowed'];

describe('a form of a page of another origin', () => {
  it.each([
    FORM,
    'multipart/form-data; boundary=a',
    'text/plain',
    'TEXT/PLAIN;charset=UTF-8',
    'text/plain ; a=',
    'text/plain;',
  ])('H-01 is refused as %s', async (type) => {
    for (const site of ['cross-site', 'same-site'])
      for (const origin of [EVIL, 'null']) expect(await send(site, origin, type)).toEqual(REFUSED);
  });

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

  it('H-01 is refused without a type, as browsers send bytes that have none', async () => {
    expect(await ask(CONFIRM, [FROM_ELSEWHERE, `Origin: ${EVIL}`, 'Content-Length: 2'], '{}')).toEqual(REFUSED);
  });
});

describe('a request without a body of a page of another origin', () => {
  const line = 'POST /api/v1/auth/login';

  it('H-01 is refused', async () => {
    for (const site of ['cross-site', 'same-site'])
      for (const type of [[], ['Content-Type: text/plain']])
        for (const length of [[], [EMPTY]])
          expect(await ask(line, [`Sec-Fetch-Site: ${site}`, ...type, ...length])).toEqual(REFUSED);
    expect(await ask(line, [FROM_ELSEWHERE, EMPTY, `Origin: ${APP}`])).not.toEqual(REFUSED);
    expect(await ask(line, ['Sec-Fetch-Site: same-origin', EMPTY])).not.toEqual(REFUSED);
  });

  it('H-01 is taken if it only reads, as a link in a mail that is read in a browser', async () => {
    for (const method of ['GET', 'HEAD'])
      expect((await ask(`${method} /api/v1/user`, [FROM_ELSEWHERE]))[0]).toBe('200');
  });

  it('H-01 is taken with a token, which browsers do not send unasked', async () => {
    expect(await ask(line, [FROM_ELSEWHERE, EMPTY, 'Authorization: Bearer a'])).not.toEqual(REFUSED);
    expect(await ask(line, [FROM_ELSEWHERE, EMPTY, 'Authorization: Basic YTpi'])).toEqual(REFUSED);
  });
});
