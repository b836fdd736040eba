import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { StartRefused } from '../startRefused.js';
import { codeOf, isLoginRejected, isUnavailable } from './errors.js';

const RETRY_MS = 100;
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Waits until another service has created the tables this one reads, since services may start in any order.
 *
 * @param owner the service whose migrations create the tables; named in the error for the operator.
 * @param timeoutMs @default 30 s
 * @throws StartRefused when the tables are still missing or refused at the time-out, or the database cannot be reached or rejects the login.
 */
export const awaitTables = async (
  pool: pg.Pool,
  tables: readonly string[],
  { owner, timeoutMs = 30_000 }: { owner: string; timeoutMs?: number },
): Promise<void> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const state = await tableState(pool, tables, owner);
    if (state === 'present') return;
    if (performance.now() > end) throw new StartRefused(SENTENCES[state](owner));
    await sleep(RETRY_MS);
  }
};

const SENTENCES = {
  missing: (owner: string) => `The database of ${owner} has not been set up: start ${owner} first.`,
  unreachable: (owner: string) => `The database of ${owner} cannot be reached.`,
  refused: (owner: string) =>
    `The database of ${owner} does not let this service use its tables (${INSUFFICIENT_PRIVILEGE}): start ${owner} first, or, if it runs, grant the role of this service what the migrations of ${owner} grant it.`,
};

const tableState = async (
  pool: pg.Pool,
  tables: readonly string[],
  owner: string,
): Promise<'present' | keyof typeof SENTENCES> => {
  try {
    const { rows } = await pool.query<{ present: boolean }>({
      name: 'find-missing-tables',
      text: 'select bool_and(to_regclass(name) is not null) as present from unnest($1::text[]) as wanted (name)',
      values: [tables],
    });
    return rows[0]?.present === true ? 'present' : 'missing';
  } catch (error) {
    if (isUnavailable(error)) return 'unreachable';
    // The migrations of the owner let others use its schema, so this may pass.
    if (codeOf(error) === INSUFFICIENT_PRIVILEGE) return 'refused';
    if (isLoginRejected(error))
      throw new StartRefused(`The database of ${owner} rejects the login (${codeOf(error)}).`, { cause: error });
    throw error;
  }
};
