import { searchTerms } from '@ums/contracts/directory/searchTerms';
import { standingOf } from '@ums/contracts/directory/standing';
import { USER_PROFILE_PROJECTION, type UserProfile } from '@ums/contracts/reducers/userProfile';
import type { Column } from '../projection/rowTable.js';

/** Qualified with the schema. */
export const PROFILE_TABLE = `read.${USER_PROFILE_PROJECTION}`;

/** Tables that the triggers of {@link PROFILE_TABLE} fill from {@link directoryColumns}. */
export const DIRECTORY_TABLES = ['read.user_term_v1', 'read.user_count_v1'] as const;

/** A count keeps its row when its last user gets another status or role. */
export const BLANK_ROWS: Readonly<Record<string, string>> = { 'read.user_count_v1': 'users = 0' };

/** Columns of a profile that search, filters and counts are made from. They follow from the other columns. */
export const directoryColumns: readonly Column<Pick<UserProfile, 'email' | 'name' | 'status' | 'roles'>>[] = [
  { name: 'terms', type: 'text[]', value: (row) => textArray(searchTerms(row)) },
  { name: 'standing', type: 'smallint', value: standingOf },
];

/** The text form of an array of Postgres. */
const textArray = (texts: readonly string[]): string =>
  `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
