import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { codeOf } from '@ums/kit/postgres/errors';

/** In TLS 1.3 the client is done before the server has looked at its certificate: it says so later, and reads no request before. */
const OWN_CERTIFICATE_REFUSED = /^ERR_SSL_[A-Z0-9/]+_ALERT_(?:[A-Z_]*CERTIFICATE[A-Z_]*|UNKNOWN_CA|ACCESS_DENIED)$/;
/** Node refuses to make such a request: keys with a line break at their end give a header that cannot be sent. */
const NO_REQUEST = /^ERR_(?:INVALID_CHAR|INVALID_HTTP_TOKEN|UNESCAPED_CHARACTERS)$/;
const OPTIONS = { keepAlive: true, maxSockets: 50 };

/** Agents of Node that know which errors came before a request was written. */
export interface ConnectingAgents {
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
  /**
   * Whether no request was sent: no connection was made, whatever the operating system says of it (with a name that is not resolved, a
   * certificate that is refused by either side, a reset or silence during the handshake), or no request could be made.
   */
  neverSent(error: unknown): boolean;
}

/** @param withinMs within which a connection is made, with the handshake of TLS. */
export const connectingAgents = (withinMs: number): ConnectingAgents => {
  const errors = new WeakSet<object>();

  /** @param made the event after which requests are written; none is written before it, nor after the error. */
  const watch = (socket: Socket, made: 'connect' | 'secureConnect'): void => {
    const tooLong = Object.assign(new Error(`no connection within ${withinMs} ms`), { name: 'TimeoutError' });
    const timer = setTimeout(() => socket.destroy(tooLong), withinMs);
    const note = (error: Error): void => void errors.add(error);
    // Before any other listener, and so before the request is told.
    socket.on('error', note).once('close', () => clearTimeout(timer));
    socket.once(made, () => {
      clearTimeout(timer);
      socket.off('error', note);
    });
  };

  const watching = <A extends HttpAgent>(agent: A, made: 'connect' | 'secureConnect'): A => {
    const create = agent.createConnection.bind(agent);
    agent.createConnection = (...args) => {
      const socket = create(...args);
      watch(socket as Socket, made);
      return socket;
    };
    return agent;
  };

  return {
    httpAgent: watching(new HttpAgent(OPTIONS), 'connect'),
    httpsAgent: watching(new HttpsAgent(OPTIONS), 'secureConnect'),
    neverSent: (error) =>
      (typeof error === 'object' && error !== null && errors.has(error)) ||
      [OWN_CERTIFICATE_REFUSED, NO_REQUEST].some((codes) => codes.test(codeOf(error) ?? '')),
  };
};
