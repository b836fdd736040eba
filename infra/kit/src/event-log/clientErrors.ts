import {
  AccessDeniedError,
  CancelledError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnavailableError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { type ExpectedRevision, NO_STREAM, StreamDeleted, WrongRevision } from './eventLog.js';

/**
 * The error to throw when an append certainly wrote nothing; `undefined` when its outcome is unknown. Only answers of
 * the log itself are certain: after a time-out, a lost connection or any other error the append may have been written
 * (F-02).
 */
export const certainFailure = (error: unknown, stream: string, expected: ExpectedRevision): Error | undefined => {
  if (error instanceof WrongExpectedVersionError) {
    const actual = error.actualVersion;
    return new WrongRevision(stream, expected, typeof actual === 'bigint' ? actual : NO_STREAM);
  }
  if (error instanceof StreamDeletedError) return new StreamDeleted(stream);
  if (error instanceof MaxAppendSizeExceededError) return error;
  return undefined;
};

/** Whether the log itself refused a read, so that a repeat gets the same answer. Any other error may be a lost connection. */
export const isAnswerOfLog = (error: unknown): boolean =>
  error instanceof AccessDeniedError || error instanceof InvalidArgumentError;

/** Whether the client that gave this error must be replaced. It recovers by itself only from a lost connection. */
export const needsNewClient = (error: unknown): boolean =>
  !(error instanceof UnavailableError || error instanceof CancelledError);
