import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ask } from './ask.js';

const answers: ((response: ServerResponse) => unknown)[] = [];
const askedAt: number[] = [];
let server: Server;
let api: string;
beforeEach(async () => {
  answers.length = 0;
  askedAt.length = 0;
  server = createServer((_request, response) => {
    askedAt.push(performance.now());
    answers.shift()?.(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
});

const busy = (response: ServerResponse) => response.writeHead(503, { 'retry-after': '1' }).end();

describe('ask', () => {
  it('sends a request again after a 503, when it says', async () => {
    answers.push(busy, (response) => response.end('{"id":7}'));
    expect((await ask(api, 'GET', '/user')).body).toEqual({ id: 7 });
    const [first = 0, second = 0] = askedAt;
    // A timer may be a millisecond early.
    expect(second - first).toBeGreaterThanOrEqual(999);
  });

  it('throws for any other status than success, and when the attempts are used up', async () => {
    answers.push((response) => response.writeHead(404).end());
    await expect(ask(api, 'GET', '/user')).rejects.toThrow('answered 404');
    answers.push(busy);
    await expect(ask(api, 'GET', '/user', {}, 1)).rejects.toThrow('answered 503');
    expect(askedAt).toHaveLength(2);
  });
});
