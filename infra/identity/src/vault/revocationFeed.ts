import type { Query } from '@ums/kit/postgres/guardedQuery';

/** One row of the vault's `revocation`: a session, or all tokens of a user below an epoch. */
export interface Revocation {
  userId: string;
  sessionId: string | undefined;
  epoch: bigint | undefined;
}

/** What an access token says of itself. */
export interface TokenIdentity {
  sub: string;
  sid: string;
  epoch: bigint;
}

interface Row {
  id: string;
  user_id: string;
  session_id: string | null;
  epoch: string | null;
}

const START = `select coalesce(
    (select min(id) - 1 from revocation where at > now() - make_interval(secs => $1)),
    (select max(id) from revocation), 0) as after`;
const NEXT = 'select id, user_id, session_id, epoch from revocation where id > $1 order by id limit $2';
const IS_REVOKED = `select exists (select from revocation
    where user_id = $1 and (epoch > $2 or session_id = $3)) as revoked`;

/** The id after which the revocations of the last `seconds` stand. */
export const revocationsSince = async (vault: Query, seconds: number): Promise<string> => {
  const [row] = await vault<{ after: string }>({ name: 'revocation start', text: START, values: [seconds] });
  return row?.after ?? '0';
};

/** The next revocations in commit order, at most `limit`. */
export const revocationsAfter = async (
  vault: Query,
  after: string,
  limit: number,
): Promise<{ id: string; revocation: Revocation }[]> => {
  const rows = await vault<Row>({ name: 'revocations', text: NEXT, values: [after, limit] });
  return rows.map(({ id, user_id: userId, session_id, epoch }) => ({
    id,
    revocation: { userId, sessionId: session_id ?? undefined, epoch: epoch === null ? undefined : BigInt(epoch) },
  }));
};

export const isRevoked = async (vault: Query, { sub, sid, epoch }: TokenIdentity): Promise<boolean> => {
  const values = [sub, String(epoch), sid];
  const [row] = await vault<{ revoked: boolean }>({ name: 'is revoked', text: IS_REVOKED, values });
  return row?.revoked !== false;
};

/** Whether a user's data key was destroyed. */
export const isErasedUser = async (vault: Query, userId: string): Promise<boolean> => {
  const text = 'select erased_at is not null as erased from data_key where subject = $1';
  const [key] = await vault<{ erased: boolean }>({ name: 'is erased', text, values: [userId] });
  return key?.erased === true;
};
