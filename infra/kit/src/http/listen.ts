import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { type Log, silentLog } from '../log.js';
import { StartRefused } from '../startRefused.js';
import { answerClientError } from './answerClientError.js';
import { openResponses } from './openResponses.js';

export interface Listening {
  port: number;
  /** Fails readiness, accepts no new connections and waits until open responses are finished. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 5_000;
/** Then open connections are destroyed, so that the process can exit within ten seconds. */
const CLOSE_DEADLINE_MS = 8_000;
/** A path without a route. */
const UNKNOWN_PATH = '/unparsable-target';

const stopping = new WeakSet<object>();

/** Whether `close()` of a server of this app has been called. */
export const isStopping = (app: Express): boolean => stopping.has(app);

export interface ListenOptions {
  host: string;
  port: number;
  /** Base of problem types, the same as of the app. Without it, types are relative. */
  publicUrl?: string;
  log?: Log;
}

/**
 * Serves an app over HTTP with bounded connections and time-outs (H-03).
 * @throws StartRefused when the port cannot be opened
 */
export const listen = async (
  app: Express,
  { host, port, publicUrl = '', log = silentLog }: ListenOptions,
): Promise<Listening> => {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // Node would answer without the security headers; `checkRequest` refuses a missing Host instead.
    requireHostHeader: false,
  });
  server.maxConnections = MAX_CONNECTIONS;
  const responses = openResponses();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    // Express answers a target that it cannot parse with an HTML page.
    if (!URL.canParse(request.url ?? '', 'http://host')) request.url = UNKNOWN_PATH;
    responses.track(request, response);
    if (isStopping(app)) closeConnectionAfter(response);
    app(request, response);
  };
  server.on('request', serve);
  // Without listeners, Node answers these itself, without the security headers.
  server.on('checkExpectation', serve);
  server.on('clientError', answerClientError({ publicUrl, log, writeAccess: responses.writeAccess }));

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portRefused(error, host, port)));
    server.listen(port, host, resolve);
  });

  const close = async (): Promise<void> => {
    stopping.add(app);
    for (const response of responses.all()) closeConnectionAfter(response);
    const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
    clearTimeout(deadline);
  };
  return { port: (server.address() as AddressInfo).port, close };
};

/** A kept-alive connection would delay `server.close()` until its idle time-out. */
const closeConnectionAfter = (response: ServerResponse): void => {
  if (!response.headersSent) response.setHeader('Connection', 'close');
};

const portRefused = (error: NodeJS.ErrnoException, host: string, port: number): StartRefused => {
  const message =
    error.code === 'EADDRINUSE'
      ? `Port ${port} of ${host} is taken by another program.`
      : `Port ${port} of ${host} cannot be opened (${error.code ?? 'unknown error'}).`;
  return new StartRefused(message, { cause: error });
};
