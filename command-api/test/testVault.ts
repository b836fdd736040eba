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

/** Tests with hundreds of parallel calls queue for connections; they do not test how long a request may wait. */
const CONNECT_TIMEOUT_MS = 60_000;

/** An empty vault in its own database. */
export const testVault = async (): Promise<TestVault> => {
  const { url, drop } = await testDatabase('vault');
  await migrate({ url, dir: join(import.meta.dirname, '../migrations'), log: silentLog });
  const pool = createPool({ url, applicationName: 'test', connectTimeoutMs: CONNECT_TIMEOUT_MS, log: silentLog });
  const close = async () => {
    await pool.end();
    await drop();
  };
  return { pool, url, close };
};
