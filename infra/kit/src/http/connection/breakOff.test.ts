import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import express, { type Response } from 'express';
import { listen } from '../listen.js';
import { breakOff } from './breakOff.js';
import { closeWhenLost } from './closeWhenLost.js';

const PIECE = 'first\n';
/** More than the buffers of two sockets hold. */
const MUCH = Buffer.alloc(30_000_000);

/** Asks a server that answers once. @returns what the client returns, when the server has closed the connection too */
const served = async <T>(answer: (response: Response) => unknown, ask: (port: number) => Promise<T>): Promise<T> => {
  let answered: Promise<unknown> | undefined;
  const app = express().use((_request, response) => {
    answered = once(response, 'close');
    void answer(response);
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  try {
    const asked = await ask(server.port);
    await answered;
    return asked;
  } finally {
    await server.close();
  }
};

/** curl: Node takes a reset that comes together with data for an orderly end. @returns its exit code, 0 for a whole answer */
const exitCode = (answer: (response: Response) => unknown, ...options: string[]): Promise<number> =>
  served(
    answer,
    (port) =>
      new Promise((resolve) => {
        const args = ['--silent', '--output', '/dev/null', '--noproxy', '*', ...options, `http://127.0.0.1:${port}/`];
        execFile('curl', args).once('exit', (code) => resolve(code ?? -1));
      }),
  );

/** Sends a piece, and does something once it is sent. */
const afterPiece = (next: (response: Response) => void) => (response: Response) =>
  void response.write(PIECE, () => setImmediate(next, response));

const PARTIAL = 18;
const RESET = 56;

describe('breakOff', () => {
  it('resets the connection of HTTP/1.0, whose end would be that of the answer', async () => {
    expect(await exitCode(afterPiece(breakOff), '--http1.0')).toBe(RESET);
    expect(
      await exitCode(
        afterPiece((response) => response.destroy()),
        '--http1.0',
      ),
    ).toBe(0);
  });

  it('resets it also when the end of the answer was written, but not taken', async () => {
    const answer = (response: Response) => {
      response.end(MUCH);
      breakOff(response);
    };
    expect(await exitCode(answer, '--http1.0')).toBe(RESET);
  });

  it.each([
    ['of HTTP/1.1, whose last chunk is missing', '--http1.1', () => undefined],
    ['of a known length', '--http1.0', (response: Response) => response.set('Content-Length', '100')],
  ])('ends the connection of an answer %s', async (_, version, prepare) => {
    const answer = (response: Response) => {
      prepare(response);
      afterPiece(breakOff)(response);
    };
    expect(await exitCode(answer, version)).toBe(PARTIAL);
  });

  it('loses nothing of a complete answer', async () => {
    expect(await exitCode((response) => response.end(PIECE, () => breakOff(response)), '--http1.0')).toBe(0);
  });

  it('closes the connection whose reader has just ended it', async () => {
    const answer = (response: Response) => {
      response.req.socket.once('end', () => queueMicrotask(() => breakOff(response)));
      response.write(PIECE);
    };
    await served(answer, async (port) => {
      const client = connect(port, '127.0.0.1');
      client.write('GET / HTTP/1.0\r\nHost: a\r\n\r\n');
      client.once('data', () => client.end()).resume();
      await once(client, 'close');
    });
  });

  it('tells a reader of HTTP/1.0 of a place that was lost', async () => {
    const lost = new AbortController();
    const losing = afterPiece((response) => {
      closeWhenLost(response, lost.signal);
      lost.abort();
    });
    expect(await exitCode(losing, '--http1.0')).toBe(RESET);
  });
});
