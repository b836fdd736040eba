import type { UserPage } from '@ums/contracts/http/directory';
import type { PictureUrls } from '@ums/identity/picture/pictureUrls';
import { bodyOf, type ProfileColumns } from '../profile/profileRow.js';
import type { PageCursor, PageRequest } from './pageCursor.js';

/** What a statement found for a page, in the direction of the request: up to one row more than the page takes. */
export interface FoundRows<Row> {
  rows: Row[];
  /** Where the statement stopped looking, if it stopped before the end of the list and the page may not be full. */
  stoppedAt?: PageCursor | undefined;
}

/**
 * Makes the page that was asked for, with the cursors of the pages around it. An empty page leads back to the place that it
 * was asked for.
 */
export const userPage = async <Row extends ProfileColumns>(
  { limit, direction, cursor }: PageRequest,
  { rows, stoppedAt }: FoundRows<Row>,
  place: { of(row: Row): PageCursor; format(cursor: PageCursor): string },
  pictureUrls: PictureUrls,
): Promise<UserPage> => {
  const shown = rows.slice(0, limit);
  const edge = (row: Row | undefined): string | null => (row === undefined ? null : place.format(place.of(row)));
  const more = stoppedAt === undefined ? null : place.format(stoppedAt);
  const onward = rows.length > limit ? edge(shown.at(-1)) : more;
  const origin = cursor && place.format(justPast(cursor, direction));
  const back = origin === undefined ? null : (edge(shown[0]) ?? origin);
  const ordered = direction === 'after' ? shown : shown.toReversed();
  const items = await Promise.all(ordered.map((row) => bodyOf(row, pictureUrls)));
  return direction === 'after' ? { items, previous: back, next: onward } : { items, previous: onward, next: back };
};

/**
 * The place next to a cursor in the given direction. A page that is read from there, in the other direction, includes the
 * user at the cursor: the page before an empty one may have shown that user as its last.
 */
const justPast = ({ key, userId }: PageCursor, direction: PageRequest['direction']): PageCursor => {
  const id = BigInt(`0x${userId.replaceAll('-', '')}`) + (direction === 'after' ? 1n : -1n);
  // No user has the lowest or the highest id, so it does not matter where those lead.
  const hex = BigInt.asUintN(128, id).toString(16).padStart(32, '0');
  return { key, userId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') };
};
