import type { Client } from 'pg';
import type { ExpectedUser } from './expectedUsers.js';

interface ProfileRow {
  user_id: string;
  email: string;
  name: string;
  status: string;
  roles: string[];
  registered_at: Date;
  revision: string;
  position: string;
}

/** Differences between `read.user_profile_v1` and the log: ids and names of columns, never values. */
export const readModelDifferences = async (users: Client, expected: readonly ExpectedUser[]): Promise<string[]> => {
  const { rows } = await users.query<ProfileRow>('select * from read.user_profile_v1');
  const found = new Map(rows.map((row) => [row.user_id, row]));
  const notErased = expected.filter(({ status }) => status !== 'erased');
  const differences = notErased.flatMap((user) => {
    const row = found.get(user.userId);
    found.delete(user.userId);
    if (row === undefined) return [`profile ${user.userId}: missing`];
    const checks: Record<keyof Omit<ProfileRow, 'user_id'>, boolean> = {
      email: row.email === user.email,
      name: row.name === user.name,
      status: row.status === user.status,
      roles: String(row.roles) === String(user.roles),
      registered_at: row.registered_at.toISOString() === user.registeredAt,
      revision: BigInt(row.revision) === user.revision,
      position: BigInt(row.position) === user.position,
    };
    return failedChecks(checks).map((name) => `profile ${user.userId}: ${name}`);
  });
  const { rows: parked } = await users.query<{ key: string }>('select key from read.parked');
  return [
    ...differences,
    ...[...found.keys()].map((id) => `profile ${id}: user not in the log`),
    ...parked.map(({ key }) => `profile ${key}: parked`),
  ];
};

/** Names of the checks that are `false`. */
export const failedChecks = (checks: Readonly<Record<string, boolean>>): string[] =>
  Object.keys(checks).filter((name) => checks[name] === false);
