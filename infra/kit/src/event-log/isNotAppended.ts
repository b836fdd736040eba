import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { StreamDeleted, WrongRevision } from './eventLog.js';

/**
 * Whether an append that failed with this error certainly wrote nothing, and never will: the log refused it, or it was not sent. After
 * any other error, such as LogUnavailable, it may have been written, or be written later.
 */
export const isNotAppended = (error: unknown): boolean =>
  error instanceof WrongRevision ||
  error instanceof StreamDeleted ||
  (error instanceof DependencyUnavailable && !error.wasCalled);
