import type { Query } from '@ums/kit/postgres/guardedQuery';

/** A row of the vault's table `revocation`. It revokes one session, or all tokens of a user from before an epoch. */
export interface Revocation {
  userId: string;
  sessionId: string | undefined;
  epoch: bigint | undefined;
}

/** The claims of an access token that a revocation can match. */
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

/** The id after which the revocations of the last `seconds` begin. */
export const revocationsSince = async (vault: Query, seconds: number): Promise<string> => {
  const [row] = await vault<{ after: string }>({ name: 'revocation start', text: START, values: [seconds] });
  return row?.after ?? '0';
};

/** At most `limit` revocations after an id, in commit order. */
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

/** Looks up one token. An answer without a row counts as revoked. */
export const isRevoked = async (vault: Query, { sub, sid, epoch }: TokenIdentity): Promise<boolean> => {
  const values = [sub, String(epoch), sid];
  const [row] = await vault<{ revoked: boolean }>({ name: 'is revoked', text: IS_REVOKED, values });
  return row?.revoked !== false;
};
