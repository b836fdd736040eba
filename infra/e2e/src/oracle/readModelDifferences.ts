import type { Client } from 'pg';
import type { ExpectedUser } from './expectedUsers.js';

interface ProfileRow {
  user_id: string;
  email: string;
  name: string;
  status: string;
  roles: string[];
  locale: string;
  registered_at: Date;
  revision: string;
  position: string;
  picture_id: string | null;
  picture_status: string | null;
  picture_reason: string | null;
  ready_picture_id: string | null;
  mail_block: string | null;
  mail_blocked_at: Date | null;
}

/** Differences between the read model of users and the log: ids and names of columns, never values. */
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
      locale: row.locale === user.locale,
      registered_at: row.registered_at.toISOString() === user.registeredAt,
      revision: BigInt(row.revision) === user.revision,
      position: BigInt(row.position) === user.position,
      picture_id: row.picture_id === (user.picture?.id ?? null),
      picture_status: row.picture_status === (user.picture?.status ?? null),
      picture_reason: row.picture_reason === (user.picture?.reason ?? null),
      mail_block: row.mail_block === (user.mailBlock?.kind ?? null),
      mail_blocked_at: row.mail_blocked_at?.toISOString() === user.mailBlock?.since,
      ready_picture_id: row.ready_picture_id === (user.picture?.readyId ?? null),
    };
    return failedChecks(checks).map((name) => `profile ${user.userId}: ${name}`);
  });
  const { rows: parked } = await users.query<{ key: string }>('select key from read.parked');
  return [
    ...differences,
    ...[...found.keys()].map((id) => `profile ${id}: user not in the log`),
    ...parked.map(({ key }) => `profile ${key}: parked`),
    ...(await directoryDifferences(users, notErased.length)),
  ];
};

/** The tables that search and counts read are filled from the profiles, so their numbers of users suffice. */
const directoryDifferences = async (users: Client, expected: number): Promise<string[]> => {
  const { rows } = await users.query<Record<string, number>>(
    `select (select coalesce(sum(users), 0)::int from read.user_count_v1) as "number of users",
            (select count(distinct user_id)::int from read.user_term_v1) as "users with terms"`,
  );
  return Object.entries(rows[0] ?? {})
    .filter(([, found]) => found !== expected)
    .map(([name]) => `directory: ${name}`);
};

/** Names of the checks that are `false`. */
export const failedChecks = (checks: Readonly<Record<string, boolean>>): string[] =>
  Object.keys(checks).filter((name) => checks[name] === false);
