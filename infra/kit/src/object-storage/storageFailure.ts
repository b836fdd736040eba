import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { codeOf, isConnectionLost } from '../postgres/errors.js';
import { statusOf } from '../transport/sdkStatus.js';
import { noteWait } from '../wait.js';

export const OBJECT_STORAGE = 'object storage';

/** An answer of success that lacks what S3 always sends, such as the page of a proxy. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';

  constructor() {
    super('the answer is not one of S3');
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/**
 * Whether S3 answered that there is no such object. An answer to HEAD has no text that could say more than its status; any
 * other 404 may come from a proxy.
 */
export const isAbsent = (error: unknown, method: 'GET' | 'HEAD'): boolean =>
  statusOf(error) === 404 && nameOf(error) === (method === 'HEAD' ? 'NotFound' : 'NoSuchKey');

/** Whether S3 answered that it has no such operation. */
export const isUnsupported = (error: unknown): boolean => statusOf(error) === 405 || statusOf(error) === 501;

const CONFLICT = 409;

/**
 * Whether a repeat may succeed at once: an idle connection was closed by the server, S3 asks for a repeat by a 5xx, or another
 * operation was in the way (409). No call has a precondition, so a 409 never says that a repeat would do harm. versitygw
 * answers 409 to a PUT if a DELETE removes the last other object of the same folder at that moment.
 */
export const isPassing = (error: unknown): boolean => {
  const status = statusOf(error) ?? 0;
  return isConnectionLost(error) || status >= 500 || status === CONFLICT;
};

const IDENTIFIER = /^[A-Za-z][\w-]{0,79}$/;

/** The error of a call that failed. */
export const storageFailure = (error: unknown, waitedMs: number): DependencyUnavailable => {
  if (error instanceof DependencyUnavailable) return error;
  const reason = codeOf(error) ?? nameOf(error);
  const status = statusOf(error);
  const limit = [status === undefined ? [] : `status ${status}`, IDENTIFIER.test(reason) ? reason : 'unknown error'];
  const failure = new DependencyUnavailable(OBJECT_STORAGE, error);
  return noteWait(failure, { dependency: OBJECT_STORAGE, limit: limit.flat().join(', '), waitedMs });
};
