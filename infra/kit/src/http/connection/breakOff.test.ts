import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express, { type Response } from 'express';
import { type Listening, listen } from '../listen.js';
import { breakOff } from './breakOff.js';

let server: Listening | undefined;
afterEach(() => server?.close());

/** Sends a request, ends its answer after the first piece, and waits for the end. */
const read = async (version: string, end: (response: Response) => void) => {
  const app = express();
  let answer: Response | undefined;
  app.get('/', (_request, response) => {
    answer = response;
    response.write('first\n');
  });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
  const socket = connect(server.port, '127.0.0.1');
  let [text, code] = ['', undefined as string | undefined];
  socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
  socket.write(`GET / HTTP/${version}\r\nHost: a\r\n\r\n`);
  socket.on('data', (bytes) => {
    text += bytes;
    if (text.includes('first\n')) end(answer as Response);
  });
  await new Promise((resolve) => socket.on('close', resolve));
  return { text, code };
};

describe('breakOff', () => {
  it('resets the connection of HTTP/1.0, whose end would be that of the answer', async () => {
    expect((await read('1.0', breakOff)).code).toBe('ECONNRESET');
    expect((await read('1.0', (response) => void response.end())).code).toBeUndefined();
  });

  it('leaves out the last chunk of HTTP/1.1', async () => {
    expect((await read('1.1', breakOff)).text).not.toContain('\r\n0\r\n');
  });

  it('does nothing to an answer whose reader has left', async () => {
    const { code } = await read('1.0', (response) => {
      response.destroy();
      breakOff(response);
    });
    expect(code).toBeUndefined();
  });
});
