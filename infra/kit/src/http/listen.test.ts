import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express, { Router } from 'express';
import { startTestHost, type TestHost } from '../../test/testHost.js';
import { until } from '../../test/until.js';
import { parseEnv } from '../env.js';
import { connectionTimeouts, keepAlive, type Listening, listen } from './listen.js';

let host: TestHost;
/** Resolves when GET /users/1 has started. */
let started: Promise<void>;
/** Completes the response of GET /users/1. */
let release: () => void;

beforeEach(async () => {
  const slow = Router();
  started = new Promise((resolve) => {
    slow.get('/users/:id', async (_request, response) => {
      await new Promise<void>((finish) => {
        release = finish;
        resolve();
      });
      response.json({ done: true });
    });
  });
  host = await startTestHost({}, slow);
});

afterEach(() => host.close());

describe('listen', () => {
  it('F-32 finishes open responses, also on kept-alive connections, and accepts no new ones', async () => {
    const agent = new Agent({ keepAlive: true });
    const request = httpRequest({ port: host.port, path: '/api/v1/users/1', agent });
    const answered = new Promise<IncomingMessage>((resolve) =>
      request.on('response', (answer) => resolve(answer.resume())),
    );
    request.end();
    await started;
    const closed = host.close();
    release();
    const { statusCode, headers } = await answered;
    expect([statusCode, headers.connection]).toEqual([200, 'close']);
    await closed;
    await expect(host.call('/')).rejects.toThrow();
    agent.destroy();
  });

  it('H-03 keeps an idle connection for longer than common load balancers do, or as long as configured', async () => {
    expect((await host.call('/')).headers.get('keep-alive')).toBe('timeout=75');
    const patient = await listen(express(), { host: '127.0.0.1', port: 0, keepAliveSeconds: 300 });
    const answer = await fetch(`http://127.0.0.1:${patient.port}/`);
    expect(answer.headers.get('keep-alive')).toBe('timeout=300');
    await answer.text();
    await patient.close();
  });

  it.each([1, 75, 3_600])(
    'H-03 waits longer for headers, and longest for a body, than for the next request: %i s',
    (seconds) => {
      const { keepAliveTimeout, headersTimeout, requestTimeout } = connectionTimeouts(seconds);
      expect(keepAliveTimeout).toBe(seconds * 1_000);
      expect(headersTimeout).toBeGreaterThan(keepAliveTimeout);
      expect(requestTimeout).toBeGreaterThan(headersTimeout);
      expect(requestTimeout).toBeGreaterThanOrEqual(100_000);
    },
  );

  it('H-03 answers 408 to a body that stalls, and waits for one that arrives slowly', async () => {
    const app = express().use(express.json(), (request, response) => void response.json(request.body));
    const [patient, impatient] = await Promise.all(
      [3_000, 300].map((stallMs) => listen(app, { host: '127.0.0.1', port: 0, stallMs })),
    );
    const post = (to: Listening | undefined, body: string, pieces: readonly string[]): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': 'application/json', 'content-length': body.length };
        const request = httpRequest({ port: to?.port, method: 'POST', headers, agent: false });
        request.on('response', (answer) => resolve(answer.resume())).on('error', reject);
        void pieces.reduce(async (before, piece) => {
          await before;
          await new Promise((written) => request.write(piece, () => setTimeout(written, 150)));
        }, Promise.resolve());
      });
    // All together take longer than one may, and each far less, so that a pause of this process fails none.
    const slow = JSON.stringify({ name: 'a'.repeat(15) });
    expect((await post(patient, slow, [...slow])).statusCode).toBe(200);
    expect((await post(impatient, slow, ['{"a'])).statusCode).toBe(408);
    await Promise.all([patient?.close(), impatient?.close()]);
  });

  describe('with a connection that asks before it is answered', () => {
    const SMALL = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
    /** A few of them hold as much as all that may wait on a connection. */
    const LARGE = `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(15_000)}\r\n\r\n`;
    const BODY = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n${'x'.repeat(30_000)}`;
    const CHUNKS = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n';
    let bounded: Listening;
    /** Answers the requests that the app was given. */
    let waiting: (() => void)[];

    beforeEach(async () => {
      waiting = [];
      const app = express().use((request, response) => {
        request.resume();
        waiting.push(() => response.json({}));
      });
      bounded = await listen(app, { host: '127.0.0.1', port: 0 });
    });
    afterEach(() => bounded.close());

    const send = (bytes: string) => {
      const socket = connect(bounded.port, '127.0.0.1').on('error', () => undefined);
      const sent = { answers: 0, isClosed: false, socket };
      socket.on('data', (data) => {
        sent.answers += data.toString().match(/HTTP\/1\.1 200/g)?.length ?? 0;
      });
      socket.on('close', () => {
        sent.isClosed = true;
      });
      socket.write(bytes);
      return sent;
    };
    const answerNext = async (): Promise<void> => {
      await until(() => waiting.length === 1);
      waiting.pop()?.();
    };

    it('H-03 R-12 begins its requests one after the other', async () => {
      const sent = send(SMALL.repeat(100));
      for (let answers = 0; answers < 100; answers += 1) {
        await until(() => waiting.length === 1 && sent.answers === answers);
        await new Promise(setImmediate);
        expect(waiting).toHaveLength(1);
        await answerNext();
      }
      await until(() => sent.answers === 100);
      sent.socket.write(SMALL);
      await answerNext();
      await until(() => sent.answers === 101);
      sent.socket.destroy();
    });

    it('H-03 R-12 begins none of those whose client has left', async () => {
      const sent = send(SMALL.repeat(3));
      await until(() => waiting.length === 1);
      sent.socket.destroy();
      const other = send(SMALL);
      await until(() => waiting.length === 2);
      for (const answer of waiting) answer();
      await until(() => other.answers === 1);
      other.socket.destroy();
      expect(waiting).toHaveLength(2);
    });

    it('H-03 R-12 begins none behind an answer that ends the connection', async () => {
      const sent = send(`${SMALL.replace('Host: a', 'Host: a\r\nConnection: close')}${SMALL}`);
      await answerNext();
      await until(() => sent.isClosed);
      expect([sent.answers, waiting.length]).toEqual([1, 0]);
      const stopped = send(SMALL.repeat(2));
      await until(() => waiting.length === 1);
      const closed = bounded.close();
      await answerNext();
      await closed;
      await until(() => stopped.isClosed);
      expect([stopped.answers, waiting.length]).toEqual([1, 0]);
    });

    it.each([
      ['a chunk without a size', 1, CHUNKS.replace('1\r\nx', 'Z\r\nx')],
      ['a large chunk extension', 1, CHUNKS.replace('1\r\nx', `1;${'x'.repeat(17_000)}\r\nx`)],
      ['tiny chunks', 1, CHUNKS.replace('1\r\nx\r\n', '1\r\nx\r\n'.repeat(1_000))],
      ['a target for proxies', 3, 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'],
      ['too many headers', 3, `GET / HTTP/1.1\r\nHost: a\r\n${'a:\r\n'.repeat(200)}\r\n`],
      ['no request', 3, 'nonsense\r\n\r\n'],
    ])('H-04 answers those before one that it refuses, and begins none behind: %s', async (_, before, refused) => {
      const sent = send(SMALL.repeat(before) + refused + SMALL);
      for (let left = before; left > 0; left -= 1) await answerNext();
      await until(() => sent.isClosed);
      await new Promise(setImmediate);
      expect([sent.answers, waiting.length]).toEqual([before, 0]);
    });

    it.each([
      ['a single one that waits, however large', SMALL + LARGE, 2],
      ['a few large ones', SMALL + LARGE.repeat(4), 5],
      ['a body behind another one', SMALL + BODY.repeat(2), 3],
      ['bodies in chunks', SMALL + CHUNKS.repeat(3) + SMALL, 5],
      ['large bodies in chunks', SMALL + CHUNKS.replace('1\r\nx', `7530\r\n${'x'.repeat(30_000)}`).repeat(3), 4],
    ])('H-03 keeps %s', async (_, bytes, answers) => {
      const sent = send(bytes);
      for (let left = answers; left > 0; left -= 1) await answerNext();
      await until(() => sent.answers === answers);
      sent.socket.destroy();
    });

    it.each([
      ['more than a hundred', SMALL.repeat(1_000)],
      ['large ones', SMALL + LARGE.repeat(5)],
      ['bodies', SMALL + BODY.repeat(3)],
    ])('H-03 is closed when too much would wait: %s', async (_, bytes) => {
      const sent = send(bytes);
      await until(() => sent.isClosed);
      expect(waiting.length).toBeLessThan(2);
    });
  });

  it('H-03 I-01 refuses more than two hundred headers', async () => {
    let asked = 0;
    const app = express().use((_request, response) => {
      asked += 1;
      response.json({});
    });
    const bounded = await listen(app, { host: '127.0.0.1', port: 0 });
    const answerTo = async (bytes: string): Promise<string> => {
      const socket = connect(bounded.port, '127.0.0.1').on('error', () => undefined);
      socket.write(bytes);
      let answer = '';
      for await (const chunk of socket.setEncoding('utf8')) answer += chunk;
      return answer;
    };
    const withHeaders = (count: number) =>
      `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${'a:\r\n'.repeat(count - 2)}\r\n`;
    expect(await answerTo(withHeaders(200))).toMatch(/^HTTP\/1\.1 200 /);
    const refused = await answerTo(withHeaders(201).repeat(2));
    expect(refused.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 431']);
    expect(asked).toBe(1);
    await bounded.close();
  });

  it('H-03 gives the app no request of a connection that has not taken the answer before', async () => {
    let answered = 0;
    const app = express().use((_request, response) => {
      answered += 1;
      response.send(Buffer.alloc(10_000_000));
    });
    const bounded = await listen(app, { host: '127.0.0.1', port: 0 });
    const socket = connect(bounded.port, '127.0.0.1').on('error', () => undefined);
    socket.pause().write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2));
    await until(() => answered === 1);
    // Another client is answered meanwhile.
    await (await fetch(`http://127.0.0.1:${bounded.port}`)).arrayBuffer();
    expect(answered).toBe(2);
    socket.resume();
    await until(() => answered === 3);
    socket.destroy();
    await bounded.close();
  });

  it('H-03 closes new connections of a source that leaves fifty a second without an answer, and of no other source', async () => {
    let asked = 0;
    const app = express().use((request, response, next) => {
      if (request.url !== '/held') return void response.json({});
      asked += 1;
      // As parsers of bodies do. The answer is written to the connection when the client has left.
      request.on('error', next).resume();
    });
    const bounded = await listen(app, { host: '127.0.0.1', port: 0 });
    const open = (localAddress: string, path: string, body = ''): Socket => {
      const socket = connect({ port: bounded.port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${body}\r\n`);
      return socket;
    };
    const isServed = (localAddress: string): Promise<boolean> =>
      new Promise((resolve) => {
        open(localAddress, '/')
          .once('data', () => resolve(true))
          .once('close', () => resolve(false));
      });
    for (const body of ['', 'Content-Length: 4\r\n']) {
      asked = 0;
      const sockets = Array.from({ length: 50 }, () => open('127.0.0.2', '/held', body));
      await until(() => asked === sockets.length);
      expect(await isServed('127.0.0.2')).toBe(true);
      for (const socket of sockets) socket.destroy();
      await until(async () => !(await isServed('127.0.0.2')));
      expect(await isServed('127.0.0.3')).toBe(true);
      await until(() => isServed('127.0.0.2'));
    }
    await bounded.close();
  });

  it('H-03 closes a connection whose client takes nothing of an answer, and waits for one that reads slowly', async () => {
    const content = Buffer.alloc(30_000_000);
    const pieces = Array.from({ length: 300 }, (_, at) => content.subarray(at * 100_000, (at + 1) * 100_000));
    const app = express().use((_request, response) => void Readable.from(pieces).pipe(response));
    const impatient = await listen(app, { host: '127.0.0.1', port: 0, unreadMs: 400 });
    const ask = () => {
      const socket = connect(impatient.port, '127.0.0.1').on('error', () => undefined);
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      return socket;
    };
    /** Reads to the end, after a pause and then with one after every two megabytes, of which the system keeps some itself. */
    const bytesRead = async (socket: Socket, firstPauseMs: number, pauseMs: number): Promise<number> => {
      let [bytes, untilPause] = [0, 2_000_000];
      const closed = new Promise((resolve) => socket.once('close', resolve));
      await sleep(firstPauseMs);
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        untilPause -= chunk.length;
        if (untilPause > 0) return;
        untilPause = 2_000_000;
        socket.pause();
        setTimeout(() => socket.resume(), pauseMs);
      });
      await closed;
      return bytes;
    };
    expect(await bytesRead(ask(), 2_000, 0)).toBeLessThan(content.length);
    // Together longer than a client may take nothing.
    expect(await bytesRead(ask(), 0, 100)).toBeGreaterThan(content.length);
    await impatient.close();
  });

  it('H-03 closes an idle connection also after a request that was refused before its body arrived', async () => {
    const app = express().use((_request, response) => void response.status(401).end());
    const impatient = await listen(app, { host: '127.0.0.1', port: 0, keepAliveSeconds: 1, stallMs: 60_000 });
    const socket = connect(impatient.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write('body');
    await closed;
    await impatient.close();
  });

  it('H-03 closes the connection of a client that sends without reading', async () => {
    const app = express().use((_request, response) => void response.send(Buffer.alloc(30_000_000)));
    const impatient = await listen(app, { host: '127.0.0.1', port: 0, unreadMs: 400 });
    const socket = connect(impatient.port, '127.0.0.1').on('error', () => undefined);
    socket.pause().write('GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nX: ');
    const sending = setInterval(() => socket.write('x'), 100);
    await until(() => socket.destroyed || socket.errored !== null || !socket.writable);
    clearInterval(sending);
    socket.destroy();
    await impatient.close();
  });

  it('H-03 lets an answer take longer than a body may stall', async () => {
    const app = express().use(express.json(), (_request, response) => setTimeout(() => response.json({}), 1_500));
    const impatient = await listen(app, { host: '127.0.0.1', port: 0, stallMs: 1_000 });
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const answer = await fetch(`http://127.0.0.1:${impatient.port}/`, post);
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    await impatient.close();
  });

  it('reads KEEP_ALIVE_SECONDS, 75 by default', () => {
    const read = (env: Record<string, string>) => parseEnv({ KEEP_ALIVE_SECONDS: keepAlive() }, env).KEEP_ALIVE_SECONDS;
    expect([read({}), read({ KEEP_ALIVE_SECONDS: '610' })]).toEqual([75, 610]);
    expect(() => read({ KEEP_ALIVE_SECONDS: '0' })).toThrow('KEEP_ALIVE_SECONDS must be an integer from 1 to 3600');
  });

  it('says in one sentence that the port is taken', async () => {
    const taken = listen(express(), { host: '127.0.0.1', port: host.port });
    await expect(taken).rejects.toThrow(`Port ${host.port} of 127.0.0.1 is taken by another program.`);
  });
});
