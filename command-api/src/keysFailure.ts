import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { codeOf, downReason, isDown } from '@ums/kit/postgres/errors';
import { StartRefused } from '@ums/kit/startRefused';

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_FUNCTION = '42883';

/** A failure of `npm run keys` in one sentence for the operator, where there is one; other messages may quote data. */
export const keysFailure = (error: unknown): unknown => {
  if (isDown(error)) return new StartRefused(`The vault does not answer (${downReason(error)}).`, { cause: error });
  if (error instanceof LogUnavailable) return new StartRefused('The event log does not answer.', { cause: error });
  const code = codeOf(error);
  if (code === UNDEFINED_TABLE || code === UNDEFINED_FUNCTION)
    return new StartRefused('This version of command-api has never started on this vault.', { cause: error });
  return error;
};
