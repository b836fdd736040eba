import type { Transaction } from '@ums/kit/postgres/transaction';

/** A session as its user may see it. */
export interface SessionTimes {
  id: string;
  startedAt: Date;
  /** When it was refreshed last. */
  refreshedAt: Date;
  expiresAt: Date;
}

interface SessionTimesRow {
  id: string;
  started_at: Date;
  rotated_at: Date;
  expires_at: Date;
}

const toSessionTimes = ({ id, started_at, rotated_at, expires_at }: SessionTimesRow): SessionTimes => ({
  ...{ id, startedAt: started_at, refreshedAt: rotated_at, expiresAt: expires_at },
});

const LIVE_SESSIONS = `select id, started_at, rotated_at, expires_at from session join account using (user_id)
  where user_id = $1 and expires_at > $2 and status = 'active' and session.epoch >= sessions_from`;

/** The sessions of a user that can still be used, in the order of their ids. @param after id of the last one before */
export const liveSessionsOf = async (
  vault: Transaction,
  { userId, after, limit }: { userId: string; after: string | undefined; limit: number },
  now: Date,
): Promise<SessionTimes[]> => {
  const { rows } = await vault.query<SessionTimesRow>({
    name: 'live-sessions-of-user',
    text: `${LIVE_SESSIONS} and ($3::uuid is null or id > $3) order by id limit $4`,
    values: [userId, now, after ?? null, limit],
  });
  return rows.map(toSessionTimes);
};

/** The current session of a user, and those of their others that can still be used and were refreshed last. */
export const latestSessionsOf = async (
  vault: Transaction,
  { userId, sessionId, limit }: { userId: string; sessionId: string; limit: number },
  now: Date,
): Promise<SessionTimes[]> => {
  const { rows } = await vault.query<SessionTimesRow>({
    name: 'latest-sessions-of-user',
    text: `${LIVE_SESSIONS} order by id = $3 desc, rotated_at desc, id limit $4`,
    values: [userId, now, sessionId, limit],
  });
  return rows.map(toSessionTimes);
};

/** The ids of all sessions of a user that have not expired, but this one. */
export const otherSessionsOf = async (
  vault: Transaction,
  { userId, sessionId }: { userId: string; sessionId: string },
  now: Date,
): Promise<string[]> => {
  const { rows } = await vault.query<{ id: string }>({
    name: 'other-sessions-of-user',
    text: 'select id from session where user_id = $1 and id <> $2 and expires_at > $3',
    values: [userId, sessionId, now],
  });
  return rows.map(({ id }) => id);
};
