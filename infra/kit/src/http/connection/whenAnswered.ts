import type { ServerResponse } from 'node:http';
import type { Express } from 'express';

/** What is called for a response, until it is answered. */
const callbacks = new WeakMap<ServerResponse, () => void>();
/** The prototypes of the responses of watched apps. */
const watched = new WeakSet<object>();

const answered = (response: ServerResponse): void => {
  const onAnswered = callbacks.get(response);
  if (onAnswered === undefined) return;
  callbacks.delete(response);
  onAnswered();
};

/**
 * Makes {@link whenAnswered} work for the responses of an app. Replaces their methods once, in the prototype that express gives
 * them: a method of its own made each response about 60 µs more expensive to answer.
 */
export const watchAnswers = ({ response: prototype }: Express): void => {
  const { writeHead, end } = prototype;
  prototype.writeHead = function (this: ServerResponse, ...args: Parameters<typeof writeHead>) {
    answered(this);
    return writeHead.apply(this, args);
  } as typeof writeHead;
  prototype.end = function (this: ServerResponse, ...args: Parameters<typeof end>) {
    answered(this);
    return end.apply(this, args);
  } as typeof end;
  watched.add(prototype);
};

/**
 * Calls back once when the work on a response ends or its status has been sent, whichever comes first: at the end of an answer
 * that is sent in one piece, and at the start of one that is sent as its reader takes it. Callbacks run in the order of the calls.
 *
 * Not when the response closes: then the client may have left, while the statements of its request are still under way. A handler
 * ends every response, also that of a client that has left, which only `end` shows.
 * @throws Error for a response of an app without {@link watchAnswers}, which would never call back
 */
export const whenAnswered = (response: ServerResponse, onAnswered: () => void): void => {
  if (response.headersSent || response.writableEnded) {
    onAnswered();
    return;
  }
  if (!watched.has(Object.getPrototypeOf(response))) throw new Error('the answers of the app are not watched');
  const earlier = callbacks.get(response);
  const both = (): void => {
    earlier?.();
    onAnswered();
  };
  callbacks.set(response, earlier === undefined ? onAnswered : both);
};
