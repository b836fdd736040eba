import type { UserBody } from '@ums/contracts/http/user';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { type CheckpointColumns, pointOf, type Seen } from '../consistency/seen.js';
import { bodyOf, PROFILE_COLUMNS, PROJECTION, type ProfileColumns } from './profileRow.js';

/** A profile as the read model has it; `parked` when it cannot be shown for a fault of ours. */
export type FoundProfile = UserBody | 'parked' | 'none';

interface Row extends CheckpointColumns, ProfileColumns {
  is_parked: boolean;
}

const TEXT = `select checkpoint.position as checkpoint_position, checkpoint.log_id as checkpoint_log_id,
    parked.key is not null as is_parked, ${PROFILE_COLUMNS}
  from read.checkpoint
  left join read.parked on parked.projection = checkpoint.name and parked.key = $2
  left join read.user_profile_v1 as profile on profile.user_id = $2
  where checkpoint.name = $1`;

export const readProfile = async (query: Query, userId: string): Promise<Seen<FoundProfile>> => {
  const [row] = await query<Row>({ name: 'read profile', text: TEXT, values: [PROJECTION, userId] });
  return { at: pointOf(row), value: row === undefined ? 'none' : shown(row) };
};

const shown = (row: Row): FoundProfile => {
  if (row.is_parked) return 'parked';
  // A join without a match leaves nulls.
  return (row.user_id as string | null) === null ? 'none' : bodyOf(row);
};
