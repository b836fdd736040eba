import type { Log } from '@ums/kit/log';
import { inBatches } from '@ums/kit/postgres/inBatches';
import type pg from 'pg';

const HOUR_MS = 60 * 60 * 1000;

/** Longer than any best-before: after that, a redelivered message sends no mail even without its record. */
const SWEEP = `
  delete from notifier.mail where ctid = any(array(
    select ctid from notifier.mail where at < now() - interval '30 days' order by at limit $1))`;

/** Deletes old mail records now and every `everyMs`, by default hourly. The next sweep makes up for one that failed. */
export const sweepMailRecords = (pool: pg.Pool, log: Log, everyMs = HOUR_MS): { stop(): Promise<void> } => {
  const sweep = async (): Promise<void> => {
    try {
      await inBatches((limit) => pool.query({ name: 'sweep-mail-records', text: SWEEP, values: [limit] }));
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
