import type { Log } from '@ums/kit/log';
import type pg from 'pg';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Longer than any best-before: a message older than that sends nothing, with a record or without. */
const SWEEP = `delete from notifier.mail where at < now() - interval '30 days'`;

/** Deletes old mail records now and once a day. A sweep that fails is made up for by the next. */
export const sweepMailRecords = (pool: pg.Pool, log: Log, everyMs = DAY_MS): { stop(): Promise<void> } => {
  const sweep = async (): Promise<void> => {
    try {
      await pool.query(SWEEP);
    } catch (error) {
      log.warn('old mail records could not be deleted', { error });
    }
  };
  let underWay = sweep();
  const timer = setInterval(() => {
    underWay = underWay.then(sweep);
  }, everyMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return underWay;
    },
  };
};
