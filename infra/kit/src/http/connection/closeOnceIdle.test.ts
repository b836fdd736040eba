import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { settlesWithin } from '../../../test/settlesWithin.js';
import { type Listening, listen } from '../listen.js';

const CONTENT = Buffer.alloc(30_000_000);
const app = express()
  .get('/content', (_request, response) => void response.send(CONTENT))
  .get('/', (_request, response) => void response.json({}));

describe('a server that closes', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  afterEach(() => agent.destroy());

  const ask = ({ port }: Listening): Promise<IncomingMessage> =>
    new Promise((resolve, reject) =>
      httpRequest({ port, agent }, (answer) => answer.resume().once('end', () => resolve(answer)))
        .once('error', reject)
        .end(),
    );

  it('F-32 answers a request that a client sends on an idle connection at that moment, and closes it then', async () => {
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    expect((await ask(server)).headers.connection).toBe('keep-alive');
    const closed = server.close();
    const { statusCode, headers } = await ask(server);
    expect([statusCode, headers.connection]).toEqual([200, 'close']);
    await closed;
  });

  it('F-32 soon closes connections that stay idle, also one that was never used', async () => {
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    await ask(server);
    const unused = connect(server.port, '127.0.0.1');
    const ended = new Promise((resolve) => unused.once('close', resolve));
    await new Promise((resolve) => unused.once('connect', resolve));
    // Well before the deadline after which all are closed.
    expect(await settlesWithin(5_000, Promise.all([server.close(), ended]))).toBe(true);
  });

  it('F-32 lets a client that reads slowly take the whole answer, also on a connection that is kept', async () => {
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
    socket.write('GET /content HTTP/1.1\r\nHost: a\r\n\r\n');
    await new Promise((resolve) => socket.once('readable', resolve));
    const closed = server.close();
    // Node would have closed the connection by now: all of the answer is written, and most of it not sent.
    await new Promise((resolve) => setTimeout(resolve, 500));
    let bytes = 0;
    for await (const chunk of socket) bytes += (chunk as Buffer).length;
    expect(bytes).toBeGreaterThan(CONTENT.length);
    await closed;
  });
});
