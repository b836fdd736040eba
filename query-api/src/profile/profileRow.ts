import type { UserBody } from '@ums/contracts/http/user';
import { userBody } from '@ums/contracts/http/userBody';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';

/** The projection these reads are of: its rows, its checkpoint, its parked keys. */
export const PROJECTION = 'user_profile_v1';

/** Columns of `read.user_profile_v1` that may be shown, of an alias `profile`; all null where a join found no row. */
export const PROFILE_COLUMNS = `profile.user_id, profile.email, profile.name, profile.status, profile.roles,
  profile.registered_at, profile.revision`;

export interface ProfileColumns {
  user_id: string;
  email: string;
  name: string;
  status: UserProfile['status'];
  roles: UserProfile['roles'];
  registered_at: Date;
  revision: string;
}

export const bodyOf = (row: ProfileColumns): UserBody =>
  userBody({
    userId: row.user_id,
    email: row.email,
    name: row.name,
    status: row.status,
    roles: row.roles,
    registeredAt: row.registered_at.toISOString(),
    revision: BigInt(row.revision),
  });
