import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { StartRefused } from '../startRefused.js';
import { isTlsCode } from '../transport/tlsFault.js';
import { codeOf, isLoginRejected, isUnavailable, unreachableReason } from './errors.js';

const RETRY_MS = 100;
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Waits until another service has created the tables this one reads, since services may start in any order.
 *
 * @param owner the service whose migrations create the tables; named in the error for the operator.
 * @param timeoutMs @default 30 s
 * @throws StartRefused when the tables are still missing or refused at the time-out, or the database cannot be reached until then; at
 * once when it rejects the login, or a certificate is refused.
 */
export const awaitTables = async (
  pool: pg.Pool,
  tables: readonly string[],
  { owner, timeoutMs = 30_000 }: { owner: string; timeoutMs?: number },
): Promise<void> => {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const refusal = await refusalNow(pool, tables, owner);
    if (refusal === undefined) return;
    if (performance.now() > end) throw refusal;
    await sleep(RETRY_MS);
  }
};

/** @returns why the tables cannot be used now, if that may pass. @throws StartRefused if it does not pass */
const refusalNow = async (
  pool: pg.Pool,
  tables: readonly string[],
  owner: string,
): Promise<StartRefused | undefined> => {
  const database = `The database of ${owner}`;
  try {
    const { rows } = await pool.query<{ present: boolean }>({
      name: 'find-missing-tables',
      text: 'select bool_and(to_regclass(name) is not null) as present from unnest($1::text[]) as wanted (name)',
      values: [tables],
    });
    return rows[0]?.present === true
      ? undefined
      : new StartRefused(`${database} has not been set up: start ${owner} first.`);
  } catch (error) {
    const cause = { cause: error };
    const unreachable = new StartRefused(`${database} cannot be reached (${unreachableReason(error)}).`, cause);
    if (isTlsCode(codeOf(error) ?? '')) throw unreachable;
    if (isUnavailable(error)) return unreachable;
    // The migrations of the owner let others use its schema, so this may pass.
    if (codeOf(error) === INSUFFICIENT_PRIVILEGE)
      return new StartRefused(
        `${database} does not let this service use its tables (${INSUFFICIENT_PRIVILEGE}): start ${owner} first, or, if it runs, grant the role of this service what the migrations of ${owner} grant it.`,
        cause,
      );
    if (isLoginRejected(error)) throw new StartRefused(`${database} rejects the login (${codeOf(error)}).`, cause);
    throw error;
  }
};
