import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { StartRefused } from '../startRefused.js';
import { codeOf, isShutOut, isUnavailable } from './errors.js';

const ASK_AGAIN_MS = 100;

/**
 * Waits until another service has made the tables this one reads: services may start in any order.
 *
 * @param owner names, for the operator, whose migrations make them.
 * @throws StartRefused when they are not there in time, or the database cannot be reached or entered.
 */
export const awaitTables = async (
  pool: pg.Pool,
  tables: readonly string[],
  { owner, timeoutMs = 30_000 }: { owner: string; timeoutMs?: number },
): Promise<void> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await missing(pool, tables, owner);
    if (found === 'none') return;
    if (performance.now() > end)
      throw new StartRefused(
        found === 'unknown'
          ? `The database of ${owner} cannot be reached.`
          : `The database of ${owner} has not been set up: start ${owner} first.`,
      );
    await sleep(ASK_AGAIN_MS);
  }
};

const missing = async (
  pool: pg.Pool,
  tables: readonly string[],
  owner: string,
): Promise<'none' | 'some' | 'unknown'> => {
  try {
    const { rows } = await pool.query<{ there: boolean }>(
      'select bool_and(to_regclass(name) is not null) as there from unnest($1::text[]) as wanted (name)',
      [tables],
    );
    return rows[0]?.there === true ? 'none' : 'some';
  } catch (error) {
    if (isUnavailable(error)) return 'unknown';
    if (isShutOut(error))
      throw new StartRefused(`The database of ${owner} does not let us in (${codeOf(error)}).`, { cause: error });
    throw error;
  }
};
