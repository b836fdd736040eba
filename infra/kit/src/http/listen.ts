import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { integer, type Reader } from '../env.js';
import { type Log, silentLog } from '../log.js';
import { StartRefused } from '../startRefused.js';
import { answerClientError } from './answerClientError.js';
import { awaitContinue } from './body/awaitedContinue.js';
import { limitBody } from './body/limitBody.js';
import { limitStall } from './body/limitStall.js';
import { breakOff } from './connection/breakOff.js';
import { closeOnceIdle } from './connection/closeOnceIdle.js';
import { limitConnections, sourceFinder } from './connection/limitConnections.js';
import { limitUnread } from './connection/limitUnread.js';
import { lostConnections } from './connection/lostConnections.js';
import { openResponses } from './connection/openResponses.js';
import { hostAdvice } from './hostAdvice.js';

export interface Listening {
  port: number;
  /**
   * Fails readiness, accepts no new connections, answers what arrives on the open ones for a moment, and waits until all answers
   * are sent.
   */
  close(): Promise<void>;
}

/** Longer than the 60 s that common load balancers keep an idle connection. */
const KEEP_ALIVE_SECONDS = 75;
/** How much longer than an idle connection the headers of a request may take, and than these the whole request. */
const HEADERS_MARGIN_SECONDS = 5;
const BODY_SECONDS = 20;
/** As with the default. A picture of five megabytes needs it on a slow line. */
const MIN_REQUEST_SECONDS = 100;
const STALL_MS = 15_000;
const MAX_CONNECTIONS = 5_000;
/** Of a source, without the answer that they asked for. A browser leaves a few when its user does. */
const LOST_CONNECTIONS = { most: 50, withinMs: 1_000 };
/** A client that takes nothing of an answer for this long loses its connection. */
const UNREAD_MS = 30_000;
/** Then open connections are destroyed, so that the process can exit within ten seconds. */
const CLOSE_DEADLINE_MS = 8_000;
/** As Node reports a request that takes too long. */
const STALLED = 'ERR_HTTP_REQUEST_TIMEOUT';
/** As Node reports headers that are too large. */
const OVERFLOW = 'HPE_HEADER_OVERFLOW';
/** As Node reports chunks that have more around them than in them. */
const CHUNK_OVERFLOW = 'HPE_CHUNK_EXTENSIONS_OVERFLOW';
/** The target of CONNECT is a server, for proxies only (RFC 9110 §9.3.6). Node ends the parsing of the connection. */
const CONNECT = 'HPE_INVALID_METHOD';
/** More than any client or proxy sends. Each costs far more than its bytes: 16 kB have room for 4,000 that are empty. */
const MAX_HEADERS = 200;
/** A path without a route. */
const UNKNOWN_PATH = '/unparsable-target';

const stopping = new WeakSet<object>();

/** Whether `close()` of a server of this app has been called. */
export const isStopping = (app: Express): boolean => stopping.has(app);

/** Reads KEEP_ALIVE_SECONDS, see {@link ListenOptions.keepAliveSeconds}. */
export const keepAlive = (): Reader<number> => integer({ default: KEEP_ALIVE_SECONDS, min: 1, max: 3_600 });

/**
 * Of a connection, in the order that load balancers need. One that opened a connection in advance may use it as late as one
 * that keeps an idle connection, and Node counts the headers of its first request from the start of the connection.
 */
export const connectionTimeouts = (keepAliveSeconds: number) => {
  const headersSeconds = keepAliveSeconds + HEADERS_MARGIN_SECONDS;
  return {
    keepAliveTimeout: keepAliveSeconds * 1_000,
    headersTimeout: headersSeconds * 1_000,
    requestTimeout: Math.max(headersSeconds + BODY_SECONDS, MIN_REQUEST_SECONDS) * 1_000,
  };
};

export interface ListenOptions {
  host: string;
  port: number;
  /**
   * How long an idle connection is kept. It must be longer than that of a load balancer in front, which would otherwise send
   * a request on a connection that this process is closing.
   * @default 75
   */
  keepAliveSeconds?: number;
  /** How long a client may send nothing in the middle of a body. Shorter in tests. @default 15 s */
  stallMs?: number;
  /** How long a client may take nothing of an answer. @default 30 s */
  unreadMs?: number;
  /** Fewer in tests. @default 5,000 */
  maxConnections?: number;
  /** Base of problem types, the same as of the app. Without it, types are relative. */
  publicUrl?: string;
  log?: Log;
}

/**
 * Set here, because `NODE_OPTIONS` of the shell changes the defaults. A proxy may see other requests in bytes that a lenient
 * parser accepts (RFC 9112 §11.2).
 */
const PARSER = { insecureHTTPParser: false, maxHeaderSize: 16_384 };

/**
 * Serves an app over HTTP with bounded connections and time-outs (H-03). The app gets the requests of a connection one after the
 * other; a hundred small ones may wait, and the connection is closed when more come.
 * @throws StartRefused when the port cannot be opened
 */
export const listen = async (app: Express, options: ListenOptions): Promise<Listening> => {
  const { host, port, keepAliveSeconds = KEEP_ALIVE_SECONDS, publicUrl = '', log = silentLog } = options;
  const server = createServer({
    ...connectionTimeouts(keepAliveSeconds),
    ...PARSER,
    // Node would answer without the security headers; `checkRequest` refuses a missing Host instead.
    requireHostHeader: false,
  });
  const sourceOf = sourceFinder((address) => app.get('trust proxy fn')(address, 0) === true);
  const lost = lostConnections(LOST_CONNECTIONS);
  const connections = limitConnections(server, {
    most: options.maxConnections ?? MAX_CONNECTIONS,
    ...{ sourceOf, isBarred: lost.isTooMany },
  });
  // With a number here, Node would silently drop what exceeds it, such as a second Authorization. `serve` refuses such requests.
  server.maxHeadersCount = 0;
  const responses = openResponses({
    onLost: (socket) => {
      const source = sourceOf(socket);
      if (source !== undefined) lost.note(source);
    },
  });
  const refuse = (socket: Duplex, code: string): void => {
    server.emit('clientError', Object.assign(new Error('not acceptable'), { code }), socket);
  };
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    limitStall(request, options.stallMs ?? STALL_MS, () => refuse(request.socket, STALLED));
    if (isStopping(app)) closeConnectionAfter(response);
    app(request, response);
  };
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { rawHeaders, socket } = request;
    // Of a connection that has ended, the requests that were read with the last one still come.
    if (!socket.writable) return;
    if (rawHeaders.length > 2 * MAX_HEADERS) return void refuse(socket, OVERFLOW);
    // What waits for its turn is held in memory.
    if (!responses.hasRoom(request)) return void socket.destroy();
    // Express answers a target that it cannot parse with an HTML page.
    if (!URL.canParse(request.url ?? '', 'http://host')) request.url = UNKNOWN_PATH;
    limitBody(request, response, () => refuse(socket, CHUNK_OVERFLOW));
    responses.track(request, response, () => begin(request, response));
  };
  server.on('request', serve);
  // Without listeners, Node answers these itself, without the security headers.
  server.on('checkExpectation', serve);
  server.on('checkContinue', (request, response) => {
    awaitContinue(request, response);
    serve(request, response);
  });
  server.on('connect', (_request, socket) => {
    // Node has taken its own listeners off the connection.
    socket.on('error', () => socket.destroy());
    refuse(socket, CONNECT);
  });
  server.on('clientError', answerClientError({ publicUrl, log, writeAccess: responses.writeAccess }));

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portRefused(error, host, port)));
    server.listen(port, host, resolve);
  });
  const stopLimit = limitUnread(responses.connections, options.unreadMs ?? UNREAD_MS);

  const close = async (): Promise<void> => {
    stopping.add(app);
    for (const response of responses.all()) closeConnectionAfter(response);
    const deadline = setTimeout(() => {
      for (const response of responses.all()) breakOff(response);
      server.closeAllConnections();
    }, CLOSE_DEADLINE_MS);
    await closeOnceIdle(server, { connections, isAnswering: () => responses.all().length > 0 });
    clearTimeout(deadline);
    stopLimit();
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
      : `Port ${port} of ${host} cannot be opened (${error.code ?? 'unknown error'}).${hostAdvice(error.code)}`;
  return new StartRefused(message, { cause: error });
};
