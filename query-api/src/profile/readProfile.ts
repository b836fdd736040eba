import type { UserBody } from '@ums/contracts/http/user';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import type { PictureUrls } from '@ums/identity/picture/pictureUrls';
import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';
import { type CheckpointColumns, pointOf, type Snapshot } from '../consistency/snapshot.js';
import { bodyOf, PROFILE_COLUMNS, PROFILE_TABLE, type ProfileColumns, type ReadDeps } from './profileRow.js';

/** A profile in the read model; `parked` when an event of the user could not be applied (F-15). */
export type FoundProfile = UserBody | 'parked' | 'none';

interface Row extends CheckpointColumns, ProfileColumns {
  is_parked: boolean;
}

const TEXT = `select checkpoint.position as checkpoint_position, checkpoint.log_id as checkpoint_log_id,
    parked.key is not null as is_parked, ${PROFILE_COLUMNS}
  from read.checkpoint
  left join read.parked on parked.projection = checkpoint.name and parked.key = $2
  left join ${PROFILE_TABLE} as profile on profile.user_id = $2
  where checkpoint.name = $1`;

/** Reads checkpoint, parked state and profile in one statement, so in one snapshot. @throws DependencyUnavailable */
export const readProfile = async ({ read, pictureUrls }: ReadDeps, userId: string): Promise<Snapshot<FoundProfile>> => {
  const [row] = await read<Row>({ name: 'read-profile', text: TEXT, values: [USER_PROFILE_PROJECTION, userId] });
  return { point: pointOf(row), value: row === undefined ? 'none' : await profileIn(row, pictureUrls) };
};

const profileIn = async (row: Row, pictureUrls: PictureUrls): Promise<FoundProfile> => {
  if (row.is_parked) return 'parked';
  return (row.user_id as string | null) === null ? 'none' : bodyOf(row, pictureUrls);
};

/** A minute instead of seconds, because a parked profile stays parked until an operator fixes the cause. */
const PARKED_RETRY_SECONDS = 60;
const PARKED = { dependency: 'read model', limit: 'profile parked', waitedMs: 0 };

/** @throws Refused `not-found`, `profile-unavailable` */
export const requireProfile = (found: FoundProfile): UserBody => {
  if (found === 'none') throw new Refused('not-found');
  if (found === 'parked')
    throw noteWait(new Refused('profile-unavailable', { retryAfterSeconds: PARKED_RETRY_SECONDS }), PARKED);
  return found;
};
