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

/** Makes the page that was asked for, with the cursors of the pages around it. */
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
  const back = cursor === undefined ? null : edge(shown[0]);
  const ordered = direction === 'after' ? shown : shown.toReversed();
  const items = await Promise.all(ordered.map((row) => bodyOf(row, pictureUrls)));
  return direction === 'after' ? { items, previous: back, next: onward } : { items, previous: onward, next: back };
};
