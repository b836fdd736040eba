import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { LogUnavailable } from '../event-log/eventLog.js';
import { isDown } from '../postgres/errors.js';

/** Whether a handler failed because a dependency is down. Then it returns `later`; every other error is a defect. */
export const isOutage = (error: unknown): boolean =>
  isDown(error) || error instanceof LogUnavailable || error instanceof DependencyUnavailable;
