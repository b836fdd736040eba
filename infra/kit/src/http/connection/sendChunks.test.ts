import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import express, { type Response } from 'express';
import { until } from '../../../test/until.js';
import { type Listening, listen } from '../listen.js';
import { sendChunks } from './sendChunks.js';

const CHUNK = 'x'.repeat(65_536);
/** More than the buffers of any socket hold. */
const MANY = 2_000;

let server: Listening | undefined;
afterEach(() => server?.close());

/** What became of a response, and how many chunks were made for it. */
const watched = () => ({
  made: 0,
  ended: false,
  outcome: 'sending' as unknown,
  response: undefined as Response | undefined,
});

const start = async (count: number, stallMs?: number, failAt = Number.POSITIVE_INFINITY) => {
  const state = watched();
  async function* chunks() {
    try {
      for (; state.made < count; state.made += 1) {
        if (state.made === failAt) throw new Error('page lost');
        yield CHUNK;
      }
    } finally {
      state.ended = true;
    }
  }
  const app = express();
  app.get('/', async (_request, response) => {
    state.response = response;
    await sendChunks(response, chunks(), stallMs).then(
      () => (state.outcome = 'done'),
      (error) => {
        state.outcome = error;
        response.destroy();
      },
    );
  });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
  const request = get({ host: '127.0.0.1', port: server.port });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return { state, answer };
};

describe('sendChunks', () => {
  it('sends everything', async () => {
    const { state, answer } = await start(20);
    expect((await text(answer)).length).toBe(20 * CHUNK.length);
    await until(() => state.outcome === 'done');
  });

  it('F-31 makes no more chunks than a slow client takes', async () => {
    const { state, answer } = await start(MANY);
    await until(() => state.response?.writableNeedDrain === true);
    const made = state.made;
    expect(made).toBeLessThan(MANY / 2);
    expect(state.response?.writableLength).toBeLessThan(4 * CHUNK.length);
    let received = 0;
    answer.on('data', (chunk: Buffer) => (received += chunk.length));
    await until(() => state.made > made);
    await once(answer, 'end');
    expect(received).toBe(MANY * CHUNK.length);
  });

  it('F-31 ends when the client disconnects', async () => {
    const { state, answer } = await start(MANY);
    await until(() => state.response?.writableNeedDrain === true);
    answer.destroy();
    await until(() => state.outcome !== 'sending');
    expect([state.outcome, state.ended]).toEqual(['done', true]);
    expect(state.made).toBeLessThan(MANY / 2);
  });

  it('F-31 makes no chunk for a client that left before the first', async () => {
    const made: string[] = [];
    let isOver = false;
    async function* chunks() {
      for (;;) yield made.push('chunk').toString();
    }
    const app = express();
    app.get('/', async (_request, response) => {
      request.destroy();
      await once(response, 'close');
      await sendChunks(response, chunks());
      isOver = true;
    });
    server = await listen(app, { host: '127.0.0.1', port: 0 });
    const request = get({ host: '127.0.0.1', port: server.port }).on('error', () => undefined);
    await until(() => isOver);
    expect(made).toEqual([]);
  });

  it('F-31 closes the connection of a client that takes nothing', async () => {
    const { state, answer } = await start(MANY, 20);
    await until(() => state.outcome !== 'sending');
    expect([state.outcome, state.ended]).toEqual(['done', true]);
    await expect(text(answer)).rejects.toThrow();
  });

  it('fails as making a chunk does, and leaves the response incomplete', async () => {
    const { state, answer } = await start(MANY, undefined, 3);
    await expect(text(answer)).rejects.toThrow();
    expect(state.outcome).toMatchObject({ message: 'page lost' });
  });
});
