import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';
import { PROFILE_TABLE } from '../profile/profileRow.js';

/** Terms that a search finds users by, and the number of users with each standing. The projector's migrations make both. */
export const TERM_TABLE = 'read.user_term_v1';
export const COUNT_TABLE = 'read.user_count_v1';

/** A column of every statement that reads a standing or a term; see {@link requireFilled}. */
export const IS_FILLING = `exists (select from ${PROFILE_TABLE} where standing is null) as is_filling`;

export interface FillingColumn {
  is_filling?: boolean;
}

const RETRY_SECONDS = 5;

/**
 * After an update from a version without search, the projector fills the columns that search, filters and counts need. Until
 * then they would miss users.
 *
 * @throws Refused `not-yet-visible`
 */
export const requireFilled = (row: FillingColumn | undefined): void => {
  if (!row?.is_filling) return;
  const wait = { dependency: 'read model', limit: 'search columns not filled yet', waitedMs: 0 };
  throw noteWait(new Refused('not-yet-visible', { retryAfterSeconds: RETRY_SECONDS }), wait);
};
