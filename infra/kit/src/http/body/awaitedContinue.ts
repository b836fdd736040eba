import type { IncomingMessage, ServerResponse } from 'node:http';

/** The responses to clients that wait before they send the body (`Expect: 100-continue`, RFC 9110 §10.1.1). */
const waiting = new WeakMap<IncomingMessage, ServerResponse>();

/**
 * Leaves the client of a request waiting until {@link askForBody}. A request that is answered before that gets no
 * `100 Continue`: its client need not send the body, and Node closes the connection after the answer.
 */
export const awaitContinue = (request: IncomingMessage, response: ServerResponse): void =>
  void waiting.set(request, response);

/** Sends `100 Continue` to a client that waits for it. Call it once nothing but the body itself can refuse the request. */
export const askForBody = (request: IncomingMessage): void => {
  waiting.get(request)?.writeContinue();
  waiting.delete(request);
};
