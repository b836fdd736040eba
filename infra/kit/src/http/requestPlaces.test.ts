import { EventEmitter, once } from 'node:events';
import { Agent, type ClientRequest, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import express, { type NextFunction, type Request, type Response } from 'express';
import { until } from '../../test/until.js';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { silentLog } from '../log.js';
import { Refused } from '../refused.js';
import { noteWait } from '../wait.js';
import { watchAnswers } from './connection/whenAnswered.js';
import { type Listening, listen } from './listen.js';
import { BASE_PROBLEMS, problemHandler } from './problem/problems.js';
import { requestContext } from './request/requestContext.js';
import { type RequestPlaces, requestPlaces } from './requestPlaces.js';

const RUNNING = 2;
const PAUSE_MS = 300;
/** Their places are kept after a refusal, for a while or for longer than a test. */
const [SOURCE, PATIENT_SOURCE] = ['source', 'patient source'];
/** What its handlers forget to end gives its places back after a while. */
const FORGETFUL_SOURCE = 'forgetful source';
const LOST_MS = 200;

/** What a handler does, once the test lets it. */
type Work = (response: Response, next: NextFunction) => unknown;

let server: Listening;
/** Lets the handlers that run go on, oldest first. */
let running: { url: string; go: (work: Work) => void }[];
/** Requests that have asked for a place, and those whose client has left. */
let arrived: string[];
let left: string[];
const clients: ClientRequest[] = [];

beforeEach(async () => {
  running = [];
  [arrived, left] = [[], []];
  const bounds = { running: RUNNING, waiting: 3, waitMs: 60_000 };
  const places = requestPlaces(bounds);
  const pausing: Record<string, RequestPlaces> = {
    [SOURCE]: requestPlaces({ ...bounds, pauseMs: PAUSE_MS }),
    [PATIENT_SOURCE]: requestPlaces({ ...bounds, pauseMs: 60_000 }),
    [FORGETFUL_SOURCE]: requestPlaces({ ...bounds, lostMs: LOST_MS }),
  };
  const app = express().use(requestContext);
  watchAnswers(app);
  app.use(async (request: Request, response: Response, next: NextFunction) => {
    response.once('close', () => left.push(request.url));
    arrived.push(request.url);
    const user = request.get('user') ?? '';
    if (request.get('wait') === 'until it has left') await until(() => left.includes(request.url));
    await (pausing[user] ?? places).enter(request, user);
    running.push({ url: request.url, go: (work) => void (async () => work(response, next))().catch(next) });
  });
  app.use(problemHandler({ problems: BASE_PROBLEMS, publicUrl: '', log: silentLog }));
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const client of clients.splice(0)) client.destroy();
  for (const { go } of running) go((response) => response.end());
  await server.close();
});

const ask = (path: string, user = 'a', headers = {}): ClientRequest => {
  const client = get({ host: '127.0.0.1', port: server.port, path, agent: false, headers: { user, ...headers } });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
};
const answerOf = async (client: ClientRequest): Promise<IncomingMessage> => (await once(client, 'response'))[0];
const urls = (): string[] => running.map(({ url }) => url);
const arrives = (url: string) => until(() => arrived.includes(url));
const runs = (url: string) => until(() => urls().includes(url));
const finish = (url: string, work: Work): void => {
  const [found] = running.splice(urls().indexOf(url), 1);
  found?.go(work);
};
/** Sends requests until the places are full and `/next` waits. */
const fill = async (user?: string): Promise<ClientRequest[]> => {
  const holding = Array.from({ length: RUNNING }, (_, at) => ask(`/${at}`, user));
  await until(() => running.length === RUNNING);
  ask('/next', user);
  await arrives('/next');
  expect(urls()).not.toContain('/next');
  return holding;
};
/** Lets a request fail after this time, because a dependency is down. @returns the answer to the request that waits behind it */
const failBefore = async (tookMs: number, error = new DependencyUnavailable('vault')): Promise<IncomingMessage> => {
  // Stands still, so that a busy machine adds nothing to the time. Whole milliseconds: differences of others are not exact.
  let time = Math.ceil(performance.now());
  jest.spyOn(performance, 'now').mockImplementation(() => time);
  await fill();
  const answer = answerOf(clients.find(({ path }) => path === '/next') as ClientRequest);
  time += tookMs;
  finish('/0', () => Promise.reject(error));
  return answer;
};

describe('the places of requests', () => {
  it.each<[string, Work]>([
    ['was answered', (response) => response.json({})],
    ['was answered without a body', (response) => response.status(204).end()],
    ['failed before its status was sent', () => Promise.reject(new Error('broken'))],
    [
      'failed after its status was sent',
      (response) => {
        response.write('some of it');
        throw new Error('broken');
      },
    ],
    ['was broken off by the service', (response, next) => next(response.destroy() && new Error('broken'))],
    ['began an answer that its reader takes when it likes', (response) => response.write('some of it')],
  ])('R-11 pass on when a request %s', async (_how, work) => {
    await fill();
    finish('/0', work);
    await runs('/next');
  });

  it.each<[string, Work]>([
    ['429', (_, next) => next(new Refused('too-many-requests'))],
    ['busy', (_, next) => next(new Refused('busy'))],
  ])('R-12 are kept for a while by a request that was refused because of a limit: %s', async (_slug, work) => {
    await fill(SOURCE);
    const startedAt = performance.now();
    finish('/0', work);
    await runs('/next');
    expect(performance.now() - startedAt).toBeGreaterThan(PAUSE_MS * 0.9);
  });

  it('R-12 are refused late, and with the end of the connection, to what finds no room in the line', async () => {
    const waitMs = 400;
    const places = requestPlaces({ running: 1, waiting: 0, waitMs, pauseMs: 1 });
    const app = express().use(requestContext);
    watchAnswers(app);
    let entered = 0;
    app.use(async (request: Request, _response: Response) => {
      await places.enter(request, 'a');
      entered += 1;
    });
    app.use(problemHandler({ problems: BASE_PROBLEMS, publicUrl: '', log: silentLog }));
    const other = await listen(app, { host: '127.0.0.1', port: 0 });
    const agent = new Agent({ keepAlive: true });
    const send = () => {
      const client = get({ host: '127.0.0.1', port: other.port, agent }).on('error', () => undefined);
      clients.push(client);
      return client;
    };
    send();
    await until(() => entered === 1);
    const startedAt = performance.now();
    const { statusCode, headers } = await answerOf(send());
    expect([statusCode, headers.connection]).toEqual([429, 'close']);
    expect(performance.now() - startedAt).toBeGreaterThan(waitMs * 0.9);
    expect(entered).toBe(1);
    for (const client of clients.splice(0)) client.destroy();
    agent.destroy();
    await other.close();
  });

  it.each<[string, Work]>([
    ['was answered', (response) => response.json({})],
    ['failed because a dependency is down', () => Promise.reject(new DependencyUnavailable('vault'))],
  ])('R-12 pass on at once when a request %s, also where refusals are held up', async (_how, work) => {
    await fill(PATIENT_SOURCE);
    finish('/0', work);
    await runs('/next');
  });

  it('are given back each when a request has taken two', async () => {
    const [first, second] = [1, 2].map(() => requestPlaces({ running: 1, waiting: 0, waitMs: 1 }));
    const app = express().use(requestContext);
    watchAnswers(app);
    app.use(async (request: Request, response: Response) => {
      for (const places of [first, second]) await places?.enter(request, 'a');
      response.json({});
    });
    const other = await listen(app, { host: '127.0.0.1', port: 0 });
    const statuses = [];
    for (let sent = 0; sent < 2; sent += 1) statuses.push((await fetch(`http://127.0.0.1:${other.port}/`)).status);
    await other.close();
    expect(statuses).toEqual([200, 200]);
  });

  it('R-11 are kept by a request whose client has left, until its work ends', async () => {
    const [first] = await fill();
    first?.destroy();
    await until(() => left.includes('/0'));
    ask('/other', 'b');
    await runs('/other');
    expect(urls()).not.toContain('/next');
    finish('/0', (response) => response.json({}));
    await runs('/next');
  });

  it('R-12 come back some time after the client has left, from a handler that never ends its response', async () => {
    const [first] = await fill(FORGETFUL_SOURCE);
    const startedAt = performance.now();
    first?.destroy();
    await runs('/next');
    expect(performance.now() - startedAt).toBeGreaterThan(LOST_MS * 0.9);
    // A handler that ends after all gives no other place back.
    finish('/0', (response) => response.end());
    ask('/later', FORGETFUL_SOURCE);
    await arrives('/later');
    ask('/other', 'b');
    await runs('/other');
    expect(urls()).not.toContain('/later');
  });

  it('R-12 come back from such a handler, too, if the client has left before its request got a place', async () => {
    for (let at = 0; at < RUNNING; at += 1) {
      const client = ask(`/${at}`, FORGETFUL_SOURCE, { wait: 'until it has left' });
      await arrives(`/${at}`);
      client.destroy();
      await runs(`/${at}`);
    }
    ask('/next', FORGETFUL_SOURCE);
    await runs('/next');
  });

  it('R-11 are not waited for by a request whose client has left', async () => {
    await fill();
    for (const path of ['/second', '/third']) {
      ask(path);
      await arrives(path);
    }
    const refused = await answerOf(ask('/fourth'));
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1']);
    clients.find(({ path }) => path === '/next')?.destroy();
    await until(() => left.includes('/next'));
    finish('/0', (response) => response.end());
    await runs('/second');
    expect(urls()).not.toContain('/next');
  });

  it('R-11 are taken by one request of a connection at a time, and come back when it breaks', async () => {
    const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\nUser: a\r\n\r\n`;
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`${request('/0')}${request('/1')}${request('/2')}`);
    ask('/other');
    await until(() => running.length === RUNNING);
    finish('/0', (response) => response.json({}));
    await runs('/1');
    socket.destroy();
    await until(() => left.includes('/1'));
    finish('/1', (response) => response.json({}));
    ask('/later');
    await runs('/later');
    expect(arrived).not.toContain('/2');
  });

  it('are refused to an app whose answers are not watched: they would never come back', async () => {
    const places = requestPlaces({ running: 1, waiting: 0, waitMs: 1 });
    const failed = new Promise((resolve) => {
      const app = express().use((request) => places.enter(request, 'a').catch(resolve));
      void listen(app, { host: '127.0.0.1', port: 0 }).then((other) => {
        get({ host: '127.0.0.1', port: other.port, agent: false }).on('error', () => undefined);
        void failed.then(() => other.close());
      });
    });
    expect(await failed).toEqual(new Error('the answers of the app are not watched'));
  });

  it('give back at once what was answered before', async () => {
    const places = requestPlaces({ running: 1, waiting: 0, waitMs: 1 });
    const fields = { headersSent: false, writableEnded: true, set: () => undefined };
    const response = Object.assign(new EventEmitter(), fields) as unknown as Response;
    const request = { res: response, ip: '127.0.0.1', socket: {}, get: () => undefined } as unknown as Request;
    requestContext(request, response, () => undefined);
    for (let sent = 0; sent < 2; sent += 1) await places.enter(request, 'a');
  });

  it('F-03 fail all that waits for them when a request has waited for a dependency that is down', async () => {
    const answer = await failBefore(500);
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
    finish('/1', (response) => response.end());
    ask('/later');
    await runs('/later');
  });

  it('pass on when a request that took long was refused at once by an open circuit breaker', async () => {
    const wait = { dependency: 'object storage', limit: 'circuit breaker is open', waitedMs: 1 };
    const answer = failBefore(5_000, noteWait(new DependencyUnavailable('object storage'), wait));
    await runs('/next');
    finish('/next', (response) => response.json({}));
    expect((await answer).statusCode).toBe(200);
  });

  it('pass on when a request was refused at once because a dependency is down: others may need another one', async () => {
    const answer = failBefore(0);
    await runs('/next');
    finish('/next', (response) => response.json({}));
    expect((await answer).statusCode).toBe(200);
  });
});
