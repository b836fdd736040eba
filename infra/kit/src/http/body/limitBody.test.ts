import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { until } from '../../../test/until.js';
import { type Listening, listen } from '../listen.js';

/** Takes a body of any length at `/read`, and answers at once elsewhere. */
let server: Listening;
/** Pieces of the bodies that the app has read. */
let pieces: Buffer[];

beforeEach(async () => {
  pieces = [];
  const app = express().use((request, response) => {
    if (request.url !== '/read') return void response.status(401).json({});
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => response.json({}));
  });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterEach(() => server.close());

const head = (path: string, ...headers: string[]): string =>
  [`POST ${path} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');
const CHUNKED = 'Transfer-Encoding: chunked';
const CLOSE = 'Connection: close';

/** `count` chunks of `size` bytes. */
const chunks = (count: number, size: number): string => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`.repeat(count);

const open = () => {
  const seen = { answer: '', error: undefined as Error | undefined };
  const socket = connect(server.port, '127.0.0.1');
  socket.setEncoding('utf8').on('data', (text) => {
    seen.answer += text;
  });
  socket.on('error', (error) => {
    seen.error = error;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  return { socket, seen, closed };
};

const statuses = ({ answer }: { answer: string }) => answer.match(/HTTP\/1\.1 \d+/g);

/** Sends until the connection has ended or `bytes` were taken by the system. @returns the bytes that were */
const sendRest = async (socket: Socket, piece: string, bytes: number): Promise<number> => {
  let sent = 0;
  while (sent < bytes && socket.writable) {
    const taken = await new Promise((resolve) => socket.write(piece, resolve));
    if (taken instanceof Error) return sent;
    sent += piece.length;
  }
  return sent;
};

describe('limitBody', () => {
  it.each([
    ['a few small chunks', chunks(250, 1)],
    ['many chunks of a line each', chunks(10_000, 130)],
  ])('I-01 reads a body of %s', async (_, body) => {
    const { socket, seen, closed } = open();
    socket.write(`${head('/read', CHUNKED, CLOSE)}${body}0\r\n\r\n`);
    await closed;
    expect(statuses(seen)).toEqual(['HTTP/1.1 200']);
  });

  it('H-03 I-01 R-12 refuses a body in tiny chunks once there are many, and reads no more of it', async () => {
    const { socket, seen, closed } = open();
    socket.write(`${head('/read', CHUNKED)}${chunks(60_000, 1)}0\r\n\r\n${head('/', 'Content-Length: 0')}`);
    await closed;
    expect(statuses(seen)).toEqual(['HTTP/1.1 413']);
    expect(seen.answer).toContain('/problems/body-too-large');
    expect(pieces.length).toBeLessThan(300);
  });

  it('H-03 R-12 ends the connection of a client that goes on with tiny chunks after the answer', async () => {
    const { socket, seen, closed } = open();
    socket.write(head('/', CHUNKED));
    await until(() => seen.answer !== '');
    socket.write(chunks(1_000, 1));
    await closed;
    expect(statuses(seen)).toEqual(['HTTP/1.1 401']);
  });

  it('H-03 lets a client finish its body after the answer, and keeps the connection', async () => {
    const { socket, seen, closed } = open();
    socket.write(head('/', 'Content-Length: 5000000'));
    await until(() => seen.answer !== '');
    expect(await sendRest(socket, 'x'.repeat(50_000), 5_000_000)).toBe(5_000_000);
    socket.write(head('/', 'Content-Length: 0', CLOSE));
    await closed;
    expect([statuses(seen), seen.error]).toEqual([['HTTP/1.1 401', 'HTTP/1.1 401'], undefined]);
  });

  it('H-03 ends the connection of a client that sends more than sixteen megabytes after the answer', async () => {
    const { socket, seen, closed } = open();
    socket.write(head('/', 'Content-Length: 1000000000'));
    await until(() => seen.answer !== '');
    // What the system holds of both sides comes on top.
    expect(await sendRest(socket, 'x'.repeat(100_000), 100_000_000)).toBeLessThan(60_000_000);
    await closed;
  });

  it.each([CLOSE, 'Connection: keep-alive'])(
    'H-03 does not reset a connection with an answer for a client that sends: %s',
    async (connection) => {
      const { socket, seen, closed } = open();
      socket.write(head('/', connection, 'Content-Length: 5000000'));
      await sendRest(socket, 'x'.repeat(50_000), 5_000_000);
      socket.end();
      await closed;
      expect([statuses(seen), seen.error]).toEqual([['HTTP/1.1 401'], undefined]);
    },
  );

  it('H-03 waits for a client that goes on sending behind an answer that ends the connection', async () => {
    const { socket, seen, closed } = open();
    socket.write(head('/', CLOSE, 'Content-Length: 500000'));
    for (let sent = 0; sent < 500_000; sent += 100_000) {
      await sleep(500);
      socket.write('x'.repeat(100_000));
    }
    socket.end();
    await closed;
    expect([statuses(seen), seen.error]).toEqual([['HTTP/1.1 401'], undefined]);
  });
});
