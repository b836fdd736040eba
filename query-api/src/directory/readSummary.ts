import { readStanding } from '@ums/contracts/directory/standing';
import type { UserSummary } from '@ums/contracts/http/directory';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { type CheckpointColumns, pointOf, type Snapshot } from '../consistency/snapshot.js';
import { COUNT_TABLE, type FillingColumn, IS_FILLING, requireFilled } from './directoryTables.js';

interface Row extends CheckpointColumns, FillingColumn {
  /** Both are null if no user has ever been counted. */
  standing: number | null;
  users: string | null;
}

const TEXT = `select checkpoint.position as checkpoint_position, checkpoint.log_id as checkpoint_log_id, ${IS_FILLING},
    counted.standing, counted.users
  from read.checkpoint left join ${COUNT_TABLE} as counted on true
  where checkpoint.name = $1`;

/** Reads the counts that the projector keeps. Nothing is counted here. */
export const readSummary = async (query: Query): Promise<Snapshot<UserSummary>> => {
  const rows = await query<Row>({ name: 'read-user-summary', text: TEXT, values: [USER_PROFILE_PROJECTION] });
  requireFilled(rows[0]);
  return { point: pointOf(rows[0]), value: summaryOf(rows) };
};

const noUsers = () => ({ total: 0, roles: { user: 0, admin: 0, auditor: 0, service: 0 } });

const summaryOf = (rows: readonly Row[]): UserSummary => {
  const summary: UserSummary = { total: 0, active: noUsers(), suspended: noUsers() };
  for (const { standing, users } of rows) {
    const { status, roles } = readStanding(standing ?? 0);
    const count = Number(users ?? 0);
    summary.total += count;
    summary[status].total += count;
    for (const role of roles) summary[status].roles[role] += count;
  }
  return summary;
};
