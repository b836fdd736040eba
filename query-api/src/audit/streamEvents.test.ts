import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { addAwaited, removeAwaited } from '@ums/kit/http/connection/othersFirst';
import { type Listening, listen } from '@ums/kit/http/listen';
import express from 'express';
import { until } from '../../../infra/kit/test/until.js';
import { streamEvents } from './streamEvents.js';

const FORMAT = { contentType: 'text/plain', head: '', line: () => '' };
const PAGES = 30;

let server: Listening;
let pages: number;
beforeEach(async () => {
  // Time stands still, so that streams wait for requests as long as these take.
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
  pages = 0;
  const readPage = async () => {
    pages += 1;
    return { items: [], next: pages < PAGES ? String(pages) : null };
  };
  const app = express();
  app.get('/', (_request, response) => streamEvents(response, FORMAT, readPage));
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  jest.useRealTimers();
  await server.close();
});

describe('streamEvents', () => {
  it('F-31 reads no further page while another request is under way, also where no page has an event', async () => {
    const other = {} as ServerResponse;
    addAwaited(other);
    const stream = fetch(`http://127.0.0.1:${server.port}`);
    await until(() => pages === 1);
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    expect(pages).toBe(1);
    removeAwaited(other);
    expect((await stream).status).toBe(200);
    await until(() => pages === PAGES);
  });
});
