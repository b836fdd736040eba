import { join } from 'node:path';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import type pg from 'pg';
import { testDatabase } from '../../infra/embedded/test/postgres.js';

export interface TestVault {
  pool: pg.Pool;
  url: string;
  close(): Promise<void>;
}

/** Tests with hundreds of parallel calls queue for connections and rows; they do not test how long a request may wait. */
export const PATIENT_POOL = { connectTimeoutMs: 60_000, statementTimeoutMs: 20_000 };

/** An empty vault in its own database. */
export const testVault = async (): Promise<TestVault> => {
  const { url, drop } = await testDatabase('vault');
  await migrate({ url, dir: join(import.meta.dirname, '../migrations'), log: silentLog });
  const pool = createPool({ url, applicationName: 'test', ...PATIENT_POOL, log: silentLog });
  const close = async () => {
    await pool.end();
    await drop();
  };
  return { pool, url, close };
};
