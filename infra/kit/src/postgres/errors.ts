import pg from 'pg';

/** SQLSTATE, errno name or `undefined`. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

const sqlStateOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError && typeof error.code === 'string' ? error.code : undefined;

/** Connection failures, server shutting down or starting, too many connections, statements cancelled by their time limit. */
const UNAVAILABLE_STATE = /^(08...|57P0[1-5]|57014|53300|25P0[34])$/;
const SHUT_OUT_STATE = /^(28...|3D000)$/;
const UNAVAILABLE_ERRNO =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ECONNABORTED)$/;
/** pg gives these neither class nor code. */
const UNAVAILABLE_TEXT =
  /^(Query read timeout|timeout (exceeded when trying to connect|expired)|Connection terminated|Client (has encountered a connection error|was closed)|Cannot use a pool after)/;

/** Whether Postgres did not answer, or not in time: the outcome of what was asked is unknown and its connection of no use. */
export const isUnavailable = (error: unknown): boolean => {
  const state = sqlStateOf(error);
  if (state !== undefined) return UNAVAILABLE_STATE.test(state);
  if (UNAVAILABLE_ERRNO.test(codeOf(error) ?? '')) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return error instanceof Error && UNAVAILABLE_TEXT.test(error.message);
};

/** Whether Postgres knows our user, password or database not, or no more: an operator's to mend. */
export const isShutOut = (error: unknown): boolean => SHUT_OUT_STATE.test(sqlStateOf(error) ?? '');

/** Whether a request cannot be served for want of Postgres, through no fault of its own or of ours. */
export const isDown = (error: unknown): boolean => isUnavailable(error) || isShutOut(error);

/** Whether the data itself was refused: SQLSTATE classes 22 (data exception) and 23 (integrity). Trying again cannot help. */
export const isDataError = (error: unknown): boolean => /^2[23]/.test(sqlStateOf(error) ?? '');

export const isUniqueViolation = (error: unknown): boolean => sqlStateOf(error) === '23505';
