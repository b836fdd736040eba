import type pg from 'pg';
import type { Log } from '../log.js';

/** Services accept each other's access tokens with a difference of 30 s (T-04). A warning comes long before. */
const MOST_MS = 10_000;

/**
 * Warns where the clocks of this machine and of the database differ. Services whose clocks differ refuse each other's tokens, and
 * take the repeat of a refresh that another one answered for a copy.
 *
 * @param now in ms since the epoch. @default that of this machine
 */
export const warnOfClock = async (pool: Pick<pg.Pool, 'query'>, log: Log, now = Date.now): Promise<void> => {
  const asked = now();
  const { rows } = await pool.query<{ at: Date }>({ name: 'read-clock', text: 'select clock_timestamp() as at' });
  const answered = now();
  const at = rows[0]?.at.getTime() ?? asked;
  const differenceMs = Math.max(asked - at, at - answered);
  if (differenceMs <= MOST_MS) return;
  const side = at < asked ? 'ahead of' : 'behind';
  log.warn('the clock of this machine is wrong, or that of the database', {
    reason: `${Math.round(differenceMs / 1_000)} s ${side} the database`,
  });
};
