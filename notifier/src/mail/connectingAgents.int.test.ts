import { once } from 'node:events';
import { createServer as createHttpServer, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../infra/engines/test/atEndOfFile.js';
import { type TestCertificates, testCertificates } from '../../../infra/kit/test/testCertificates.js';
import { connectingAgents } from './connectingAgents.js';

let certificates: TestCertificates;
const servers: Server[] = [];
const sockets: Socket[] = [];
beforeAll(async () => {
  certificates = await testCertificates(await temporaryFolder('ums-agents-'));
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

const portOf = async (server: Server): Promise<number> => {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};
const reset = (socket: Socket): void => void socket.once('data', () => socket.resetAndDestroy());
const staySilent = (socket: Socket): void => void sockets.push(socket);
const end = (socket: Socket): void => void socket.once('data', () => socket.end());
const secure = (options = {}) =>
  createHttpsServer({ cert: certificates.certificate, key: certificates.key, ...options });

/** Sends a request, and another one on the same connection if the first is answered. */
const ask = async (
  url: string,
  { ca, headers = {}, withinMs = 10_000 }: { ca?: string; headers?: OutgoingHttpHeaders; withinMs?: number } = {},
) => {
  const { httpAgent, httpsAgent, neverSent } = connectingAgents(withinMs);
  const send = (): Promise<unknown> =>
    new Promise((resolve) => {
      const isSecure = url.startsWith('https:');
      const request = isSecure
        ? httpsRequest(url, { agent: httpsAgent, headers, ...(ca && { ca }) })
        : httpRequest(url, { agent: httpAgent, headers });
      request.on('error', resolve).on('response', (response) => response.resume().on('end', () => resolve(undefined)));
      request.end();
    });
  const failure = await send()
    .then((first) => first ?? send())
    .catch((error: unknown) => error);
  for (const agent of [httpAgent, httpsAgent]) agent.destroy();
  return { failed: failure !== undefined, neverSent: neverSent(failure) };
};

describe('agents that tell whether a request was sent', () => {
  it.each([
    ['a header that cannot be sent', async () => ask('http://127.0.0.1:1', { headers: { authorization: 'key\n' } })],
    ['a closed port', async () => ask('http://127.0.0.1:1')],
    ['a closed port for TLS', async () => ask('https://127.0.0.1:1')],
    ['a name that is not resolved', async () => ask('http://host.invalid')],
    // Linux answers a connection to a broadcast address with EACCES.
    ['what the system forbids', async () => ask('http://255.255.255.255')],
    ['a certificate of an unknown authority', async () => ask(`https://127.0.0.1:${await portOf(secure())}`)],
    [
      'a server that asks for a certificate of the client',
      async () => ask(`https://127.0.0.1:${await portOf(secure({ requestCert: true }))}`, { ca: certificates.ca }),
    ],
    ['a server without TLS', async () => ask(`https://127.0.0.1:${await portOf(createHttpServer())}`)],
    ['a reset in the handshake', async () => ask(`https://127.0.0.1:${await portOf(createServer(reset))}`)],
    ['an end in the handshake', async () => ask(`https://127.0.0.1:${await portOf(createServer(end))}`)],
    [
      'silence in the handshake',
      async () => ask(`https://127.0.0.1:${await portOf(createServer(staySilent))}`, { withinMs: 200 }),
    ],
  ])('F-24 say no for %s', async (_, failure) => {
    expect(await failure()).toEqual({ failed: true, neverSent: true });
  });

  it.each(['http', 'https'])('F-24 say yes for a request that was sent and not answered: %s', async (protocol) => {
    for (const answered of [0, 1])
      for (const lose of [(socket: Socket) => socket.destroy(), (socket: Socket) => socket.end()]) {
        const server = protocol === 'http' ? createHttpServer() : secure();
        let requests = 0;
        server.on('request', (request, response) => {
          requests += 1;
          if (requests <= answered) response.end();
          else lose(request.socket);
        });
        const url = `${protocol}://127.0.0.1:${await portOf(server)}`;
        expect(await ask(url, { ca: certificates.ca })).toEqual({ failed: true, neverSent: false });
        expect(requests).toBe(answered + 1);
      }
  });

  // With OpenSSL 3.2 and later, as in Node 24, some begin with `SSL/TLS`.
  it.each([
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', true],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', true],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', true],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN', true],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', false],
    ['ECONNRESET', false],
  ])('F-24 know the alert about a certificate of ours: %s', (code, expected) => {
    const { neverSent } = connectingAgents(1_000);
    expect(neverSent(Object.assign(new Error('alert'), { code }))).toBe(expected);
  });

  it('know no other error', () => {
    const { neverSent } = connectingAgents(1_000);
    expect([new Error('other'), undefined, 'text'].map(neverSent)).toEqual([false, false, false]);
  });
});
