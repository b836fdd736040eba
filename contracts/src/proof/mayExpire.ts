/** Sign-ins alone have an age limit (`SIGN_IN_HISTORY_DAYS`). */
const EXPIRES = 'signin-';

/**
 * Whether the events of a stream may have an age limit, after which the log no longer holds them. What is signed depends on it:
 * a change of this rule needs another extension line of the checkpoint.
 */
export const mayExpire = (stream: string): boolean => stream.startsWith(EXPIRES);
