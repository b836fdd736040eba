import type { UserBody } from '@ums/contracts/http/user';
import { userBody } from '@ums/contracts/http/userBody';
import {
  type MailBlock,
  type ProfilePicture,
  USER_PROFILE_PROJECTION,
  type UserProfile,
} from '@ums/contracts/reducers/userProfile';
import type { PictureUrls } from '@ums/identity/picture/pictureUrls';
import type { Query } from '@ums/kit/postgres/guardedQuery';

/** Qualified with the schema. */
export const PROFILE_TABLE = `read.${USER_PROFILE_PROJECTION}`;

/** The columns of {@link PROFILE_TABLE} that responses may contain (Z-05), for the alias `profile`. */
export const PROFILE_COLUMNS = `profile.user_id, profile.email, profile.name, profile.status, profile.roles,
  profile.registered_at, profile.revision, profile.picture_id, profile.picture_status, profile.picture_reason,
  profile.ready_picture_id, profile.locale, profile.mail_block, profile.mail_blocked_at`;

/** What profiles are read with. */
export interface ReadDeps {
  read: Query;
  pictureUrls: PictureUrls;
}

/** In a left join all of them are null where there is no profile. */
export interface ProfileColumns {
  user_id: string;
  email: string;
  name: string;
  status: UserProfile['status'];
  roles: UserProfile['roles'];
  locale: UserProfile['locale'];
  registered_at: Date;
  revision: string;
  picture_id: string | null;
  picture_status: ProfilePicture['status'] | null;
  picture_reason: ProfilePicture['reason'] | null;
  ready_picture_id: string | null;
  mail_block: MailBlock['kind'] | null;
  mail_blocked_at: Date | null;
}

/** The response body of a row that has a profile. */
export const bodyOf = async (row: ProfileColumns, pictureUrls: PictureUrls): Promise<UserBody> => {
  const profile = {
    userId: row.user_id,
    email: row.email,
    name: row.name,
    status: row.status,
    roles: row.roles,
    locale: row.locale,
    registeredAt: row.registered_at.toISOString(),
    picture: pictureOf(row),
    mailBlock: mailBlockOf(row),
    revision: BigInt(row.revision),
  };
  return userBody(profile, await pictureUrls(profile));
};

const mailBlockOf = ({ mail_block: kind, mail_blocked_at: since }: ProfileColumns): MailBlock | undefined =>
  kind === null || since === null ? undefined : { kind, since: since.toISOString() };

const pictureOf = (row: ProfileColumns): ProfilePicture | undefined =>
  row.picture_id === null || row.picture_status === null
    ? undefined
    : {
        pictureId: row.picture_id,
        status: row.picture_status,
        reason: row.picture_reason ?? undefined,
        readyId: row.ready_picture_id ?? undefined,
      };
