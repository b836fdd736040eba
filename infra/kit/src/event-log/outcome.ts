import {
  CancelledError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnavailableError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { NO_STREAM, WrongRevision } from './eventLog.js';

/** No answer within our own time limit, whatever the client does. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor() {
    super('the event log did not answer in time');
  }
}

/** Rejects with NoAnswer after `ms`; what the call does later is nobody's business any more. */
export const within = async <R>(ms: number, call: Promise<R>): Promise<R> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer()), ms);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * What a failed append is known to have done: nothing (the error to throw), or anything (`undefined`). Only answers of
 * the log itself count; a time-out, a lost connection and every error not understood leave the outcome unknown (F-02).
 */
export const refusal = (error: unknown, stream: string): Error | undefined => {
  if (error instanceof WrongExpectedVersionError) {
    const actual = error.actualVersion;
    return new WrongRevision(stream, typeof actual === 'bigint' ? actual : NO_STREAM);
  }
  if (error instanceof MaxAppendSizeExceededError || error instanceof StreamDeletedError) return error;
  return undefined;
};

/** Whether the client that gave this error should be replaced; it recovers by itself from a lost connection only. */
export const isStrange = (error: unknown): boolean =>
  !(error instanceof UnavailableError || error instanceof CancelledError);
