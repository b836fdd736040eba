import { setTimeout as sleep } from 'node:timers/promises';
import { LONGEST_LIFE_SECONDS, SKEW_SECONDS } from '@ums/kit/access-token/claims';
import type { Log } from '@ums/kit/log';
import type { Query } from '../query.js';
import { type Revocation, type RevokedTokens, revokedTokens, type TokenIdentity } from './revokedTokens.js';

/** Which access tokens no longer count, though they verify (T-08). */
export interface Revocations {
  /** @throws DependencyUnavailable when neither the list nor the vault can say. */
  isRevoked(token: TokenIdentity): Promise<boolean>;
  /** Whether the list can be asked; the vault is asked instead while it cannot. */
  fresh(): boolean;
  done: Promise<void>;
}

export interface RevocationsOptions {
  vault: Query;
  signal: AbortSignal;
  log: Log;
  everyMs?: number;
  /** Age of the last good poll up to which the list is believed. With it, a revocation bites within a second. */
  believedMs?: number;
}

/** A token's life, both clocks' skew, and the longest a transaction may take between drawing its time and its commit. */
const WINDOW_SECONDS = LONGEST_LIFE_SECONDS + SKEW_SECONDS + 60;
const MOST_ROWS = 5_000;

interface Row {
  id: string;
  user_id: string;
  session_id: string | null;
  epoch: string | null;
}

const START = `select coalesce(
    (select min(id) - 1 from revocation where at > now() - make_interval(secs => $1)),
    (select max(id) from revocation), 0) as after`;
const NEXT = `select id, user_id, session_id, epoch from revocation where id > $1 order by id limit ${MOST_ROWS}`;
const ASK = `select exists (select from revocation
    where user_id = $1 and (epoch > $2 or session_id = $3)) as revoked`;

/**
 * Follows the vault's revocations. A list as old as the last good poll's *start* is believed for less than a second; an older
 * one is not asked at all, the vault is. After a failure the list is loaded anew: what came back may be another database.
 */
export const followRevocations = ({
  vault,
  signal,
  log,
  everyMs = 250,
  believedMs = 750,
}: RevocationsOptions): Revocations => {
  let list: RevokedTokens | undefined;
  let after: string | undefined;
  let provedAt = Number.NEGATIVE_INFINITY;

  const poll = async (): Promise<void> => {
    const loading = list ?? revokedTokens({ keepMs: WINDOW_SECONDS * 1_000 });
    let last = after ?? (await start(vault));
    for (;;) {
      const began = performance.now();
      const rows = await vault<Row>({ name: 'revocations', text: NEXT, values: [last] });
      for (const row of rows) loading.add(toRevocation(row));
      last = rows.at(-1)?.id ?? last;
      if (rows.length === MOST_ROWS) continue;
      [list, after, provedAt] = [loading, last, began];
      return;
    }
  };

  const watch = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await poll();
        failures = 0;
      } catch (error) {
        list = undefined;
        after = undefined;
        if (failures++ === 0) log.warn('revocations cannot be followed', { error });
      }
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };

  const fresh = (): boolean => list?.complete() === true && performance.now() - provedAt <= believedMs;

  return {
    fresh,
    isRevoked: async (token) => {
      if (fresh() && list !== undefined) return list.has(token);
      const values = [token.sub, String(token.epoch), token.sid];
      const [row] = await vault<{ revoked: boolean }>({ name: 'is revoked', text: ASK, values });
      return row?.revoked !== false;
    },
    done: watch(),
  };
};

/** The id below which no revocation matters any more. */
const start = async (vault: Query): Promise<string> => {
  const [row] = await vault<{ after: string }>({ name: 'revocation start', text: START, values: [WINDOW_SECONDS] });
  return row?.after ?? '0';
};

const toRevocation = ({ user_id, session_id, epoch }: Row): Revocation => ({
  userId: user_id,
  sessionId: session_id ?? undefined,
  epoch: epoch === null ? undefined : BigInt(epoch),
});
