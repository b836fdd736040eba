import type { Revocation, TokenIdentity } from '@ums/identity/vault/revocationFeed';

/** The revocations that living tokens may still meet. */
export interface RevokedTokens {
  add(revocation: Revocation): void;
  has(token: TokenIdentity): boolean;
  /** Whether it holds all that was added lately: `false` after more came than it may keep. */
  complete(): boolean;
}

interface Options {
  /** How long an entry matters: no token issued before it lives longer. */
  keepMs: number;
  /** Most entries of a kind: bounds memory (some 20 MB). */
  most?: number;
  /** Milliseconds that never go back. */
  now?: () => number;
}

interface Entry {
  epoch: bigint;
  addedAt: number;
}

export const revokedTokens = ({ keepMs, most = 100_000, now = () => performance.now() }: Options): RevokedTokens => {
  const users = new Map<string, Entry>();
  const sessions = new Map<string, Entry>();
  let incompleteUntil = Number.NEGATIVE_INFINITY;

  const put = (entries: Map<string, Entry>, key: string, epoch: bigint): void => {
    const addedAt = now();
    const higher = entries.get(key)?.epoch ?? epoch;
    // Deleted and set again, entries stay ordered by age.
    entries.delete(key);
    entries.set(key, { epoch: higher > epoch ? higher : epoch, addedAt });
    for (const [oldest, entry] of entries) {
      const tooMany = entries.size > most;
      const over = entry.addedAt + keepMs <= addedAt;
      if (!tooMany && !over) break;
      entries.delete(oldest);
      if (!over) incompleteUntil = Math.max(incompleteUntil, entry.addedAt + keepMs);
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
