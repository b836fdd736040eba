import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../log.js';
import { codeOf } from '../postgres/errors.js';

export interface AdvisoryLockOptions {
  url: string;
  /** Whoever names the same key of the same database waits for the same lock. */
  key: string;
  /** Called once when a held lock is lost. Whoever held it must have stopped, or fences what it writes. */
  onLost: () => void;
  /** Ends the waiting, or gives the lock up. */
  signal: AbortSignal;
  log: Log;
  /** How often a holder proves it lives and a standby asks; 3 s and 1 s unless told. */
  pingMs?: number;
  retryMs?: number;
  /** The server takes the lock from a holder that says nothing for this long; 15 s unless told. */
  idleTimeoutMs?: number;
}

export interface HeldLock {
  /** When the last good ping *began*, in ms of `performance.now()`: a lease counts from there. */
  lastProof(): number;
  release(): Promise<void>;
}

/**
 * Waits as a standby until the lock is free, then holds it on a connection of its own. A holder that was stopped
 * (SIGSTOP, a paused machine) loses it: the server ends its silent session, and a standby goes on.
 *
 * @throws the signal's reason when it aborts while waiting.
 */
export const holdAdvisoryLock = async (options: AdvisoryLockOptions): Promise<HeldLock> => {
  const { key, signal, log, retryMs = 1_000 } = options;
  for (let waited = 0; ; waited++) {
    signal.throwIfAborted();
    const client = newClient(options);
    try {
      await client.connect();
      for (; ; waited++) {
        const provedAt = performance.now();
        const isOurs = await tryLock(client, key);
        signal.throwIfAborted();
        if (isOurs) return hold(client, provedAt, options);
        if (waited === 0) log.info('standing by', { reason: key });
        await sleep(retryMs, undefined, { signal });
      }
    } catch (error) {
      await end(client);
      signal.throwIfAborted();
      log.warn('lock cannot be asked for', { reason: codeOf(error) ?? 'timeout', attempt: waited });
      await sleep(retryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
};

const newClient = ({ url, pingMs = 3_000, idleTimeoutMs = 15_000 }: AdvisoryLockOptions): pg.Client => {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'lock',
    connectionTimeoutMillis: 2_000,
    query_timeout: Math.max(pingMs, 1_000),
    keepAlive: true,
    options: `-c idle_session_timeout=${idleTimeoutMs}`,
  });
  client.on('error', () => undefined);
  return client;
};

const tryLock = async (client: pg.Client, key: string): Promise<boolean> => {
  const sql = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as held';
  const { rows } = await client.query<{ held: boolean }>(sql, [key]);
  return rows[0]?.held === true;
};

const hold = (client: pg.Client, firstProof: number, options: AdvisoryLockOptions): HeldLock => {
  const { onLost, signal, log, key, pingMs = 3_000 } = options;
  let proof = firstProof;
  let over = false;
  const finish = async (): Promise<void> => {
    over = true;
    clearTimeout(next);
    signal.removeEventListener('abort', finish);
    await end(client);
  };
  const lost = (reason: string): void => {
    if (over) return;
    log.warn('lock lost', { reason });
    void finish();
    onLost();
  };
  const ping = async (): Promise<void> => {
    const began = performance.now();
    try {
      await client.query('select 1');
      proof = began;
      if (!over) next = setTimeout(ping, pingMs);
    } catch (error) {
      lost(codeOf(error) ?? 'timeout');
    }
  };
  let next = setTimeout(ping, pingMs);
  client.once('end', () => lost('connection ended'));
  signal.addEventListener('abort', finish, { once: true });
  log.info('lock held', { reason: key });
  return { lastProof: () => proof, release: finish };
};

/** Never waits for a server that does not answer. */
const end = async (client: pg.Client): Promise<void> => {
  await Promise.race([client.end().catch(() => undefined), sleep(500, undefined, { ref: false })]);
};
