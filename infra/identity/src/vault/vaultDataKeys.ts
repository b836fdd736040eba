import type { KeyObject } from 'node:crypto';
import { ERASED, type Erased } from '@ums/contracts/personal';
import type { Clock } from '@ums/kit/clock';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import type { MasterKeys } from '@ums/kit/sealing/masterKeys';
import type pg from 'pg';

export interface DataKeysOptions {
  /** Pool of the vault. */
  pool: pg.Pool;
  masterKeys: MasterKeys;
  clock: Clock;
  /** How long a key stays cached, at most a minute (G-03). @default a minute */
  ttlMs?: number;
}

const MAX_TTL_MS = 60_000;
const MAX_CACHED = 20_000;
const SELECT = 'select subject, wrapped, master_key_id from data_key where subject = any($1::uuid[])';

interface Row {
  subject: string;
  wrapped: Buffer | null;
  master_key_id: string | null;
}

/** Reads data keys from the vault's table `data_key`, with a cache. */
export const vaultDataKeys = ({ pool, masterKeys, clock, ttlMs = MAX_TTL_MS }: DataKeysOptions): DataKeys => {
  const ttl = Math.min(ttlMs, MAX_TTL_MS);
  const cache = new Map<string, { key: KeyObject | Erased; readAt: number }>();
  /** For each running query, the subjects forgotten since it started. */
  const runningReads = new Set<Set<string>>();

  const cached = (subject: string, now: number): KeyObject | Erased | undefined => {
    const entry = cache.get(subject);
    if (entry === undefined) return undefined;
    // A clock that was set back must not extend the time a key stays cached.
    if (now >= entry.readAt && now < entry.readAt + ttl) return entry.key;
    cache.delete(subject);
    return undefined;
  };

  const store = (subject: string, key: KeyObject | Erased, readAt: number): void => {
    cache.delete(subject);
    cache.set(subject, { key, readAt });
    const oldest = cache.keys().next();
    if (cache.size > MAX_CACHED && !oldest.done) cache.delete(oldest.value);
  };

  const read = async (subjects: string[], found: Map<string, KeyObject | Erased>): Promise<void> => {
    const forgotten = new Set<string>();
    runningReads.add(forgotten);
    try {
      const readAt = clock.now().getTime();
      const { rows } = await pool.query<Row>({ name: 'find-data-keys', text: SELECT, values: [subjects] });
      for (const { subject, wrapped, master_key_id: masterKeyId } of rows) {
        const key =
          wrapped === null || masterKeyId === null ? ERASED : masterKeys.unwrap(subject, { wrapped, masterKeyId });
        found.set(subject, key);
        if (!forgotten.has(subject)) store(subject, key, readAt);
      }
    } finally {
      runningReads.delete(forgotten);
    }
  };

  const evict = (subject: string): void => {
    cache.delete(subject);
    for (const forgotten of runningReads) forgotten.add(subject);
  };

  return {
    fetch: async (subjects) => {
      const found = new Map<string, KeyObject | Erased>();
      const missing: string[] = [];
      const now = clock.now().getTime();
      for (const subject of new Set(subjects)) {
        const key = cached(subject, now);
        if (key === undefined) missing.push(subject);
        else found.set(subject, key);
      }
      if (missing.length > 0) await read(missing, found);
      return found;
    },
    fresh: async (subjects) => {
      const found = new Map<string, KeyObject | Erased>();
      const wanted = [...new Set(subjects)];
      for (const subject of wanted) evict(subject);
      if (wanted.length > 0) await read(wanted, found);
      return found;
    },
    evict,
  };
};
