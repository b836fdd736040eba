import { setTimeout as sleep } from 'node:timers/promises';
import { forgetVault } from '@ums/command-api/erasure/forgetVault';
import type { Log } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { forgetReadModel } from '@ums/projector/forgetReadModel';
import type pg from 'pg';
import type { Engines } from '../dataFolder/enginesFile.js';
import { EngineFailed } from '../engineFailed.js';
import { onDatabase } from '../postgres/onDatabase.js';

/**
 * Takes what was deleted off the disk: rewrites the tables that held it, and what the planner knows of their values, then
 * drops the write-ahead log that still holds the old pages. Tables are locked while they are rewritten.
 * @param patienceMs how long to wait for transactions that still see what was deleted.
 * @throws EngineFailed when an old transaction still sees what was deleted.
 */
export async function forget(
  { postgres, vault, users }: Pick<Engines, 'postgres' | 'vault' | 'users'>,
  log: Log,
  patienceMs = 30_000,
): Promise<void> {
  await onDatabase(postgres, (client) => untilUnseen(client, patienceMs));
  await owner(vault, log, forgetVault);
  await owner(users, log, forgetReadModel);
  for (const { pathname } of [new URL(vault), new URL(users)]) {
    const url = new URL(postgres);
    url.pathname = pathname;
    await onDatabase(url.href, forgetStatistics);
  }
  await onDatabase(postgres, dropOldLog);
}

/** A rewrite keeps dead rows that a snapshot taken before their deletion may still read. */
const untilUnseen = async (client: pg.Client, patienceMs: number): Promise<void> => {
  const { rows } = await client.query<{ now: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as now');
  const sql = `select count(*)::int as old from pg_stat_activity where pid <> pg_backend_pid()
    and age(backend_xmin) > age(mod($1::numeric, 4294967296)::text::xid)`;
  for (const deadline = performance.now() + patienceMs; ; await sleep(50)) {
    const old = await client.query<{ old: number }>(sql, [rows[0]?.now]);
    if (old.rows[0]?.old === 0) return;
    if (performance.now() >= deadline) {
      throw new EngineFailed('A transaction that runs for long still sees what was deleted; run forget again later.');
    }
  }
};

/** Samples of the columns' values: old ones are dead rows of the catalogue. */
const forgetStatistics = async (client: pg.Client): Promise<void> => {
  await client.query('analyze');
  await client.query('vacuum (full) pg_catalog.pg_statistic');
};

/** Segments before a checkpoint are deleted by it (`wal_recycle=off`), so the one that holds old pages is ended first. */
const dropOldLog = async (client: pg.Client): Promise<void> => {
  await client.query('select pg_switch_wal()');
  await client.query('checkpoint');
};

const owner = async (url: string, log: Log, work: (pool: pg.Pool) => Promise<void>): Promise<void> => {
  const pool = createPool({ url, applicationName: 'forget', max: 1, log });
  try {
    await work(pool);
  } finally {
    await pool.end();
  }
};
