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

/** In what `read.user_profile_v1` is not what the log says: ids and names of columns, never values. */
export const faultsOfReadModel = async (users: Client, expected: readonly ExpectedUser[]): Promise<string[]> => {
  const { rows } = await users.query<ProfileRow>('select * from read.user_profile_v1');
  const found = new Map(rows.map((row) => [row.user_id, row]));
  const living = expected.filter(({ status }) => status !== 'erased');
  const faults = living.flatMap((user) => {
    const row = found.get(user.userId);
    found.delete(user.userId);
    if (row === undefined) return [`profile ${user.userId}: missing`];
    const same: Record<keyof Omit<ProfileRow, 'user_id'>, boolean> = {
      email: row.email === user.email,
      name: row.name === user.name,
      status: row.status === user.status,
      roles: String(row.roles) === String(user.roles),
      registered_at: row.registered_at.toISOString() === user.registeredAt,
      revision: BigInt(row.revision) === user.revision,
      position: BigInt(row.position) === user.position,
    };
    return namesOfFaults(same).map((name) => `profile ${user.userId}: ${name}`);
  });
  const { rows: parked } = await users.query<{ key: string }>('select key from read.parked');
  return [
    ...faults,
    ...[...found.keys()].map((id) => `profile ${id}: of nobody`),
    ...parked.map(({ key }) => `profile ${key}: parked`),
  ];
};

export const namesOfFaults = (same: Readonly<Record<string, boolean>>): string[] =>
  Object.keys(same).filter((name) => same[name] === false);
