import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { untilNextMultiple } from '../alignedInterval.js';
import type { Log } from '../log.js';
import { codeOf } from '../postgres/errors.js';
import { urlWithSettings } from '../postgres/urlWithSettings.js';

export interface AdvisoryLockOptions {
  url: string;
  /** Name of the lock within the database. */
  key: string;
  /** Called once when a held lock is lost. Another instance may already hold it: the work must stop, and its writes be fenced. */
  onLost: () => void;
  /** Stops waiting, or releases the lock. */
  signal: AbortSignal;
  log: Log;
  /** How often the holder pings the server. @default 3 s */
  pingMs?: number;
  /** How often a standby tries to take the lock. @default 1 s */
  retryMs?: number;
  /** The server ends the session of a holder that was silent for this long. @default 15 s */
  idleTimeoutMs?: number;
}

export interface HeldLock {
  /** Start of the last successful ping, in ms of `performance.now()`: a lease runs from there. */
  lastPingAt(): number;
  release(): Promise<void>;
}

/**
 * Waits as a standby until the lock is free, then holds it on a separate connection. A holder that is paused (SIGSTOP, a
 * suspended machine) loses it: the server ends its silent session, and a standby takes over.
 *
 * @throws the signal's reason when the signal aborts during the wait.
 */
export const holdAdvisoryLock = async (options: AdvisoryLockOptions): Promise<HeldLock> => {
  const { key, signal, log, retryMs = 1_000 } = options;
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    const client = newClient(options);
    try {
      await client.connect();
      for (; ; attempt++) {
        const provedAt = performance.now();
        const isHeld = await tryLock(client, key);
        signal.throwIfAborted();
        if (isHeld) return hold(client, provedAt, options);
        if (attempt === 0) log.info('standing by', { reason: key });
        await sleep(retryMs, undefined, { signal });
      }
    } catch (error) {
      await end(client);
      signal.throwIfAborted();
      log.warn('lock could not be requested', { reason: codeOf(error) ?? 'timeout', attempt });
      await sleep(retryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
};

const newClient = ({ url, pingMs = 3_000, idleTimeoutMs = 15_000 }: AdvisoryLockOptions): pg.Client => {
  const client = new pg.Client({
    connectionString: urlWithSettings(url, [`idle_session_timeout=${idleTimeoutMs}`]),
    application_name: 'lock',
    connectionTimeoutMillis: 2_000,
    query_timeout: Math.max(pingMs, 1_000),
    keepAlive: true,
  });
  client.on('error', () => undefined);
  return client;
};

const tryLock = async (client: pg.Client, key: string): Promise<boolean> => {
  const { rows } = await client.query<{ held: boolean }>({
    name: 'try-advisory-lock',
    text: 'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
    values: [key],
  });
  return rows[0]?.held === true;
};

const hold = (client: pg.Client, firstProof: number, options: AdvisoryLockOptions): HeldLock => {
  const { onLost, signal, log, key, pingMs = 3_000 } = options;
  let lastProof = firstProof;
  let isReleased = false;
  const release = async (): Promise<void> => {
    isReleased = true;
    clearTimeout(nextPing);
    signal.removeEventListener('abort', release);
    await end(client);
  };
  const handleLoss = (reason: string): void => {
    if (isReleased) return;
    log.warn('lock lost', { reason });
    void release();
    onLost();
  };
  const ping = async (): Promise<void> => {
    const startedAt = performance.now();
    try {
      await client.query('select 1');
      lastProof = startedAt;
      if (!isReleased) nextPing = setTimeout(ping, untilNextMultiple(pingMs));
    } catch (error) {
      handleLoss(codeOf(error) ?? 'timeout');
    }
  };
  let nextPing = setTimeout(ping, untilNextMultiple(pingMs));
  client.once('end', () => handleLoss('connection ended'));
  signal.addEventListener('abort', release, { once: true });
  log.info('lock held', { reason: key });
  return { lastPingAt: () => lastProof, release };
};

/** Does not wait for a server that does not answer. */
const end = async (client: pg.Client): Promise<void> => {
  await Promise.race([client.end().catch(() => undefined), sleep(500, undefined, { ref: false })]);
};
