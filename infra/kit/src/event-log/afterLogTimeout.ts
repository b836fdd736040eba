import { withTimeout } from '../withTimeout.js';

/** For what follows a call of the log that hung: the two seconds of that call and this time fit into 2.5 s (F-03). */
export const AFTER_LOG_TIMEOUT_MS = 400;

/**
 * Waits {@link AFTER_LOG_TIMEOUT_MS} at most for work whose outcome the answer does not depend on, for example because the vault may
 * hang beside the log. Late work goes on. Its failure is ignored.
 */
export const waitAfterLog = async (work: Promise<unknown>): Promise<void> => {
  await withTimeout(AFTER_LOG_TIMEOUT_MS, work).catch(() => undefined);
};
