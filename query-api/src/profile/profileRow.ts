import type { UserBody } from '@ums/contracts/http/user';
import { userBody } from '@ums/contracts/http/userBody';
import { USER_PROFILE_PROJECTION, type UserProfile } from '@ums/contracts/reducers/userProfile';

/** Qualified with the schema. */
export const PROFILE_TABLE = `read.${USER_PROFILE_PROJECTION}`;

/** The columns of {@link PROFILE_TABLE} that responses may contain (Z-05), for the alias `profile`. */
export const PROFILE_COLUMNS = `profile.user_id, profile.email, profile.name, profile.status, profile.roles,
  profile.registered_at, profile.revision`;

/** In a left join all of them are null where there is no profile. */
export interface ProfileColumns {
  user_id: string;
  email: string;
  name: string;
  status: UserProfile['status'];
  roles: UserProfile['roles'];
  registered_at: Date;
  revision: string;
}

/** The response body of a row that has a profile. */
export const bodyOf = (row: ProfileColumns): UserBody =>
  userBody({
    userId: row.user_id,
    email: row.email,
    name: row.name,
    status: row.status,
    roles: row.roles,
    registeredAt: row.registered_at.toISOString(),
    picture: undefined,
    revision: BigInt(row.revision),
  });
