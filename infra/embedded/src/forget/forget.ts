import { setTimeout as sleep } from 'node:timers/promises';
import { forgetVault } from '@ums/command-api/erasure/forgetVault';
import { noteRewritten, receiptsToRewrite } from '@ums/command-api/erasure/rewrittenReceipts';
import type { Log } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { forgetReadModel } from '@ums/projector/forgetReadModel';
import { personalProgress } from '@ums/projector/personalProgress';
import type pg from 'pg';
import type { Engines } from '../dataFolder/enginesFile.js';
import { EngineFailed } from '../engineFailed.js';
import { withConnection } from '../postgres/withConnection.js';
import { dropOldWal } from './dropOldWal.js';

/**
 * Removes deleted rows from the disk: rewrites the tables that held them and the planner's statistics, which sample
 * column values, then drops the write-ahead log that still contains the old pages. Tables are locked during their rewrite.
 * Notes the time in the receipts of the erasures whose rows were all deleted before.
 * @param timeoutMs how long to wait for transactions that can still see deleted rows, and for what keeps old log.
 * @throws EngineFailed when they do not end in time, or when the server reuses old log.
 */
export const forget = async (
  { postgres, vault, users }: Pick<Engines, 'postgres' | 'vault' | 'users'>,
  log: Log,
  timeoutMs = 30_000,
): Promise<void> => {
  const progress = await withOwnerPool(users, log, personalProgress);
  const receipts = await withOwnerPool(vault, log, (pool) => receiptsToRewrite(pool, progress));
  // A backup that is being made keeps old log: better found before the tables are locked.
  await withConnection(postgres, async (client) => {
    await dropOldWal(client, timeoutMs);
    await waitForOldSnapshots(client, timeoutMs);
  });
  await withOwnerPool(vault, log, forgetVault);
  await withOwnerPool(users, log, forgetReadModel);
  for (const { pathname } of [new URL(vault), new URL(users)]) {
    const url = new URL(postgres);
    url.pathname = pathname;
    await withConnection(url.href, forgetStatistics);
  }
  await withConnection(postgres, (client) => dropOldWal(client, timeoutMs));
  await withOwnerPool(vault, log, (pool) => noteRewritten(pool, receipts, new Date()));
};

/** A rewrite keeps dead rows that an older snapshot may still read, so it has to wait for the end of such snapshots. */
const waitForOldSnapshots = async (client: pg.Client, timeoutMs: number): Promise<void> => {
  const { rows } = await client.query<{ now: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as now');
  const sql = `select count(*)::int as old from pg_stat_activity where pid <> pg_backend_pid()
    and age(backend_xmin) > age(mod($1::numeric, 4294967296)::text::xid)`;
  for (const deadline = performance.now() + timeoutMs; ; await sleep(50)) {
    const old = await client.query<{ old: number }>(sql, [rows[0]?.now]);
    if (old.rows[0]?.old === 0) return;
    if (performance.now() >= deadline) {
      throw new EngineFailed('A long-running transaction can still see deleted rows; run forget again later.');
    }
  }
};

/** Replaces the samples of column values; the rewrite of the catalogue then removes the old samples, which are dead rows. */
const forgetStatistics = async (client: pg.Client): Promise<void> => {
  await client.query('analyze');
  await client.query('vacuum (full) pg_catalog.pg_statistic');
};

const withOwnerPool = async <R>(url: string, log: Log, work: (pool: pg.Pool) => Promise<R>): Promise<R> => {
  const pool = createPool({ url, applicationName: 'forget', max: 1, log });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
};
