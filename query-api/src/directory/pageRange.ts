import type { PageCursor, PageRequest } from './pageCursor.js';

/** Lower than every user id, and higher than every one. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The places that a page is taken from: from the lowest key to the highest one, cut at the cursor of the request. One lower
 * and one upper bound, because Postgres starts at only one of several.
 *
 * @returns values of a statement: key and id of the lower bound, then of the upper one. Neither place belongs to the page.
 */
export const pageRange = (
  { direction, cursor }: Pick<PageRequest, 'direction' | 'cursor'>,
  [lowest, highest]: readonly [string, string],
): string[] => {
  const above: PageCursor = direction === 'after' && cursor !== undefined ? cursor : { key: lowest, userId: FIRST_ID };
  const below: PageCursor = direction === 'before' && cursor !== undefined ? cursor : { key: highest, userId: LAST_ID };
  return [above.key, above.userId, below.key, below.userId];
};
