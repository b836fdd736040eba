import { join } from 'node:path';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import type pg from 'pg';
import { testDatabase } from '../../embedded/test/postgres.js';
import { patientPool } from '../../kit/test/patientPool.js';

/** A fresh vault with a pool. */
export const testVault = async (): Promise<{ url: string; pool: pg.Pool; close(): Promise<void> }> => {
  const database = await testDatabase('vault');
  const dir = join(import.meta.dirname, '../../../command-api/migrations');
  await migrate({ url: database.url, dir, log: silentLog });
  const pool = patientPool(database.url);
  return {
    url: database.url,
    pool,
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
};
