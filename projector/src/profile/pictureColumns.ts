import type { ProfilePicture, UserProfile } from '@ums/contracts/reducers/userProfile';
import type { Column } from '../projection/rowTable.js';

/** The columns of a profile that are about its picture; all are null where there is none. */
export const pictureColumns: readonly Column<Pick<UserProfile, 'picture'>>[] = [
  { name: 'picture_id', type: 'uuid', value: ({ picture }) => picture?.pictureId ?? null },
  { name: 'picture_status', type: 'text', value: ({ picture }) => picture?.status ?? null },
  { name: 'picture_reason', type: 'text', value: ({ picture }) => picture?.reason ?? null },
  { name: 'ready_picture_id', type: 'uuid', value: ({ picture }) => picture?.readyId ?? null },
];

/** The picture of a record of the table. */
export const readPicture = (record: Record<string, unknown>): ProfilePicture | undefined =>
  record.picture_id === null
    ? undefined
    : {
        pictureId: record.picture_id as string,
        status: record.picture_status as ProfilePicture['status'],
        reason: (record.picture_reason as ProfilePicture['reason'] | null) ?? undefined,
        readyId: (record.ready_picture_id as string | null) ?? undefined,
      };
