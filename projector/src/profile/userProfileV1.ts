import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import { USER_PROFILE_PROJECTION, type UserProfile, userProfile } from '@ums/contracts/reducers/userProfile';
import { currentType } from '@ums/contracts/stored/stored';
import { parseStream, userStream } from '@ums/contracts/streams';
import type { FoldedProjection } from '../projection/projection.js';
import { BLANK_ROWS, DIRECTORY_TABLES, directoryColumns, PROFILE_TABLE } from './directoryColumns.js';
import { fillDirectory } from './fillDirectory.js';
import { mailBlockColumns, readMailBlock } from './mailBlockColumns.js';
import { pictureColumns, readPicture } from './pictureColumns.js';

const FINAL_TYPES: ReadonlySet<string | undefined> = new Set<UserEvent['type']>(['UserErasureStarted', 'UserErased']);

const keyOf = ({ stream }: RecordedEvent): string | undefined => {
  // Checked before parsing because most events are in other streams.
  if (!stream.startsWith('user-')) return undefined;
  return parseStream(stream)?.id;
};

/** The rows that `GET /user` and all reads below `/users` answer from. */
export const userProfileV1: FoldedProjection<UserProfile> = {
  name: USER_PROFILE_PROJECTION,
  key: keyOf,
  stream: userStream,
  reduce: (row, fact) => userProfile(row, fact as Fact<UserEvent>),
  ends: ({ type }) => FINAL_TYPES.has(currentType(type)),
  personal: true,
  prepare: fillDirectory,
  table: {
    name: PROFILE_TABLE,
    derived: DIRECTORY_TABLES,
    blank: BLANK_ROWS,
    key: 'user_id',
    columns: [
      { name: 'email', type: 'text', value: (row) => row.email },
      { name: 'name', type: 'text', value: (row) => row.name },
      { name: 'status', type: 'text', value: (row) => row.status },
      { name: 'roles', type: 'text[]', value: (row) => `{${row.roles.join(',')}}` },
      { name: 'locale', type: 'text', value: (row) => row.locale },
      { name: 'registered_at', type: 'timestamptz', value: (row) => row.registeredAt },
      { name: 'revision', type: 'numeric', value: (row) => String(row.revision) },
      ...pictureColumns,
      ...mailBlockColumns,
      ...directoryColumns,
    ],
    read: (record) => ({
      userId: record.user_id as string,
      email: record.email as string,
      name: record.name as string,
      status: record.status as UserProfile['status'],
      roles: record.roles as UserProfile['roles'],
      locale: record.locale as UserProfile['locale'],
      registeredAt: (record.registered_at as Date).toISOString(),
      picture: readPicture(record),
      mailBlock: readMailBlock(record),
      revision: BigInt(record.revision as string),
    }),
  },
};
