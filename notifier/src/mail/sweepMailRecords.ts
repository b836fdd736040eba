import type { Log } from '@ums/kit/log';
import type pg from 'pg';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Longer than any best-before: after that, a redelivered message sends no mail even without its record. */
const SWEEP = `delete from notifier.mail where at < now() - interval '30 days'`;

/** Deletes old mail records now and every `everyMs`, by default daily. The next sweep makes up for one that failed. */
export const sweepMailRecords = (pool: pg.Pool, log: Log, everyMs = DAY_MS): { stop(): Promise<void> } => {
  const sweep = async (): Promise<void> => {
    try {
      await pool.query(SWEEP);
    } catch (error) {
      log.warn('old mail records could not be deleted', { error });
    }
  };
  let running = sweep();
  const timer = setInterval(() => {
    running = running.then(sweep);
  }, everyMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
};
