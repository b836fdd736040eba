import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { type Log, silentLog } from '../log.js';
import { StartRefused } from '../startRefused.js';
import { answersUnderWay } from './answersUnderWay.js';
import { answerUnreadable } from './answerUnreadable.js';

export interface Listening {
  port: number;
  /** Readiness red, no new connections, answers under way finished. */
  close(): Promise<void>;
}

const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const KEEP_ALIVE_MS = 5_000;
const MOST_CONNECTIONS = 5_000;
/** Answers still under way after this are cut, so that a process ends within its ten seconds. */
const LONGEST_ANSWER_MS = 8_000;
/** A path that no route has. */
const NOWHERE = '/unparsable-target';

const stopping = new WeakSet<object>();

export const isStopping = (app: Express): boolean => stopping.has(app);

export interface ListenOptions {
  host: string;
  port: number;
  /** Base of problem types, as the app's own; without it they are relative. */
  publicUrl?: string;
  log?: Log;
}

/** Serves an app (H-03). @throws StartRefused when the port is taken or not ours to take */
export const listen = async (
  app: Express,
  { host, port, publicUrl = '', log = silentLog }: ListenOptions,
): Promise<Listening> => {
  const server = createServer({
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Node would refuse it itself, without a header of ours: the app does.
    requireHostHeader: false,
  });
  server.maxConnections = MOST_CONNECTIONS;
  const underWay = answersUnderWay();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    // Express would answer a target it cannot parse by a page of its own.
    if (!URL.canParse(request.url ?? '', 'http://host')) request.url = NOWHERE;
    underWay.begin(request, response);
    if (isStopping(app)) hangUpAfter(response);
    app(request, response);
  };
  server.on('request', serve);
  // Node would answer these itself, without a header of ours.
  server.on('checkExpectation', serve);
  server.on('clientError', answerUnreadable({ publicUrl, log, roomOn: underWay.roomOn }));

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, host, port)));
    server.listen(port, host, resolve);
  });

  const close = async (): Promise<void> => {
    stopping.add(app);
    for (const response of underWay.all()) hangUpAfter(response);
    const cut = setTimeout(() => server.closeAllConnections(), LONGEST_ANSWER_MS);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
    clearTimeout(cut);
  };
  return { port: (server.address() as AddressInfo).port, close };
};

/** A connection kept alive would keep the server open until it has been idle long enough. */
const hangUpAfter = (response: ServerResponse): void => {
  if (!response.headersSent) response.setHeader('Connection', 'close');
};

const refusal = (error: NodeJS.ErrnoException, host: string, port: number): StartRefused => {
  const why =
    error.code === 'EADDRINUSE'
      ? `Port ${port} of ${host} is taken by another program.`
      : `Port ${port} of ${host} cannot be opened (${error.code ?? 'unknown error'}).`;
  return new StartRefused(why, { cause: error });
};
