const DAY_SECONDS = 86_400;

/** A session not used for so long has ended. */
export const IDLE_SECONDS = 14 * DAY_SECONDS;
/** One ends after so long in any case (NIST SP 800-63B-4 §2.1.3: 30 days at AAL1). */
export const ABSOLUTE_SECONDS = 30 * DAY_SECONDS;
/** An answer may be lost: for so long a token just changed gives the same successor again (T-07). */
export const GRACE_MS = 10_000;
