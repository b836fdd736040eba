import type { ServerResponse } from 'node:http';

/**
 * Calls back once when the work on a response ends or its status has been sent, whichever comes first: at the end of an answer
 * that is sent in one piece, and at the start of one that is sent as its reader takes it.
 *
 * Not when the response closes: then the client may have left, while the statements of its request are still under way. A handler
 * ends every response, also that of a client that has left, which only `end` shows. A pipelined response may not close at all.
 */
export const whenAnswered = (response: ServerResponse, onAnswered: () => void): void => {
  if (response.headersSent || response.writableEnded) {
    onAnswered();
    return;
  }
  const { writeHead, end } = response;
  let isAnswered = false;
  const answered = (): void => {
    if (isAnswered) return;
    isAnswered = true;
    onAnswered();
  };
  response.writeHead = ((...args: Parameters<typeof writeHead>) => {
    answered();
    return writeHead.apply(response, args);
  }) as typeof writeHead;
  response.end = ((...args: Parameters<typeof end>) => {
    answered();
    return end.apply(response, args);
  }) as typeof end;
};
