import type { Revocation, TokenIdentity } from '@ums/identity/vault/revocationFeed';

/** Recent revocations, in memory. Older ones concern only tokens that have expired. */
export interface RevokedTokens {
  add(revocation: Revocation): void;
  has(token: TokenIdentity): boolean;
  /** `false` while an entry that still matters is missing because it was dropped to keep the size limit. */
  complete(): boolean;
}

interface Options {
  /** How long an entry matters: tokens issued before it expire within this time. */
  keepMs: number;
  /** Maximum number of entries of each kind (users, sessions); bounds memory to about 20 MB. @default 100_000 */
  maxEntries?: number;
  /** Monotonic clock in milliseconds. @default performance.now */
  now?: () => number;
}

interface Entry {
  epoch: bigint;
  addedAt: number;
}

/** Keeps the sessions that were revoked and the highest epoch of each user. Drops the oldest entries first. */
export const revokedTokens = ({
  keepMs,
  maxEntries = 100_000,
  now = () => performance.now(),
}: Options): RevokedTokens => {
  const users = new Map<string, Entry>();
  const sessions = new Map<string, Entry>();
  let incompleteUntil = Number.NEGATIVE_INFINITY;

  const put = (entries: Map<string, Entry>, key: string, epoch: bigint): void => {
    const addedAt = now();
    const stored = entries.get(key)?.epoch ?? epoch;
    // Deleting first moves the key to the end, which keeps the map ordered by age.
    entries.delete(key);
    entries.set(key, { epoch: stored > epoch ? stored : epoch, addedAt });
    for (const [oldest, entry] of entries) {
      const tooMany = entries.size > maxEntries;
      const expired = entry.addedAt + keepMs <= addedAt;
      if (!tooMany && !expired) break;
      entries.delete(oldest);
      if (!expired) incompleteUntil = Math.max(incompleteUntil, entry.addedAt + keepMs);
    }
  };

  return {
    add: ({ userId, sessionId, epoch }) => {
      if (sessionId !== undefined) put(sessions, sessionId, 0n);
      if (epoch !== undefined) put(users, userId, epoch);
    },
    has: ({ sub, sid, epoch }) => sessions.has(sid) || epoch < (users.get(sub)?.epoch ?? -1n),
    complete: () => now() >= incompleteUntil,
  };
};
