import { pictureUrls } from '@ums/identity/picture/pictureUrls';
import { silentLog } from '@ums/kit/log';
import { presignedLinks } from '@ums/kit/object-storage/presignedLinks';
import { readSummary } from '@ums/query-api/directory/readSummary';
import { type FilterParameters, userFilter } from '@ums/query-api/directory/userFilter';
import { usersReader } from '@ums/query-api/directory/usersReader';
import type { Directory } from './openDirectory.js';
import { FIRST_LETTERS, registeredAt } from './seedUsers.js';

/** Reads of the directory by name: `turn` counts the calls, so that searches differ. */
export type DirectoryReads = Readonly<Record<DirectoryRead, (turn: number) => Promise<unknown>>>;

export type DirectoryRead = (typeof DIRECTORY_READS)[number];
export const DIRECTORY_READS = [
  ...(['first page', 'deep page', 'page of auditors', 'page of suspended users', 'search'] as const),
  ...(['deep page of a search', 'search for administrators', 'search by time', 'counts'] as const),
] as const;

const LIMIT = 50;
/** Links are signed, as the services do it; nothing opens them. */
const links = pictureUrls(
  presignedLinks({
    region: 'eu-central-1',
    bucket: 'pictures',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
  }),
  silentLog,
);

/** @param users in the directory */
export const directoryReads = async ({ query }: Directory, users: number): Promise<DirectoryReads> => {
  const page = (filter: FilterParameters, after?: string, limit = LIMIT) =>
    usersReader({ read: query, pictureUrls: links }, { limit, after }, userFilter(filter))();
  const search = (turn: number): string => FIRST_LETTERS[turn % FIRST_LETTERS.length] ?? '';
  /** The place of the first of these users. */
  const cursorOf = async (filter: FilterParameters): Promise<string | undefined> =>
    (await page(filter, undefined, 1)).value.next ?? undefined;
  const registeredFrom = registeredAt(Math.floor(users * 0.9));
  const deep = await cursorOf({ registeredFrom });
  const deepOf = await Promise.all(FIRST_LETTERS.map((letter) => cursorOf({ search: `${letter}c` })));
  return {
    'first page': () => page({}),
    'deep page': () => page({}, deep),
    'page of auditors': () => page({ role: 'auditor', status: 'active' }),
    'page of suspended users': () => page({ status: 'suspended' }),
    search: (turn) => page({ search: search(turn) }),
    'deep page of a search': (turn) => page({ search: search(turn) }, deepOf[turn % deepOf.length]),
    'search for administrators': (turn) => page({ search: search(turn), role: 'admin' }),
    'search by time': (turn) => page({ search: search(turn), registeredFrom }),
    counts: () => readSummary(query),
  };
};
