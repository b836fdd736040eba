import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import express, { type Response } from 'express';
import { until } from '../../../test/until.js';
import { type Listening, listen } from '../listen.js';
import { othersFirst } from './othersFirst.js';
import { sendChunks } from './sendChunks.js';

let server: Listening;
let held: Response[];
beforeEach(async () => {
  // Time stands still, so that a wait ends for its other reason.
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
  held = [];
  const app = express();
  app.get('/held', (_request, response) => void held.push(response));
  app.get('/stream', async (_request, response) => {
    held.push(response);
    await sendChunks(response, neverEnding());
  });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  jest.useRealTimers();
  for (const response of held) response.destroy();
  await server.close();
});

async function* neverEnding() {
  yield 'first';
  await new Promise(() => undefined);
}

/** Sends requests on one connection, and waits until the first of them is under way. */
const send = async (...paths: string[]) => {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const count = held.length;
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: host\r\n\r\n`).join(''));
  await until(() => held.length > count);
  return socket;
};

/** A wait for others, and whether it has ended. */
const waiting = () => {
  const state = { ended: false };
  void othersFirst().then(() => {
    state.ended = true;
  });
  return state;
};

const someTurns = async () => {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
};

describe('othersFirst', () => {
  it('F-31 waits for no one while no request is under way', async () => {
    await othersFirst();
  });

  it('F-31 waits until the last of the requests under way is answered', async () => {
    await send('/held');
    await send('/held');
    const wait = waiting();
    held[0]?.end();
    await until(() => held[0]?.closed === true);
    await someTurns();
    expect(wait.ended).toBe(false);
    held[1]?.end();
    await until(() => wait.ended);
  });

  it('F-31 waits for ten milliseconds at most, for one stream after the other', async () => {
    await send('/held');
    const waits = [waiting(), waiting()];
    await someTurns();
    jest.advanceTimersByTime(9);
    await someTurns();
    expect(waits.map(({ ended }) => ended)).toEqual([false, false]);
    jest.advanceTimersByTime(1);
    await until(() => waits[0]?.ended === true);
    await someTurns();
    expect(waits[1]?.ended).toBe(false);
    jest.advanceTimersByTime(10);
    await until(() => waits[1]?.ended === true);
  });

  it('F-31 does not wait for other streams', async () => {
    await send('/stream');
    await othersFirst();
  });

  it('F-31 does not wait for requests whose connection has closed, also those behind another one', async () => {
    const socket = await send('/held', '/held');
    await until(() => held.length === 1);
    socket.destroy();
    await until(() => held[0]?.closed === true);
    await othersFirst();
  });
});
