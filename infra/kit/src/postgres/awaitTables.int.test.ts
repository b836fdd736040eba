import { describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { awaitTables } from './awaitTables.js';
import { createPool } from './pool.js';

describe('awaitTables', () => {
  it('waits for what another service makes', async () => {
    const database = await testDatabase();
    const pool = createPool({ url: database.url, applicationName: 'test', log: silentLog });
    let there = false;
    const waiting = awaitTables(pool, ['late'], { owner: 'command-api' }).then(() => {
      there = true;
    });
    await pool.query('select 1');
    expect(there).toBe(false);
    await execute(database.url, 'create table late (n int)');
    await waiting;
    await pool.end();
    await database.drop();
  });

  it('refuses the start when the tables do not come, or nobody answers', async () => {
    const database = await testDatabase();
    const pool = createPool({ url: database.url, applicationName: 'test', log: silentLog });
    const soon = { owner: 'command-api', timeoutMs: 1 };
    await expect(awaitTables(pool, ['never'], soon)).rejects.toThrow('start command-api first');
    await pool.end();
    await database.drop();
    const nobody = createPool({ url: 'postgres://u@127.0.0.1:1/x', applicationName: 'test', log: silentLog });
    await expect(awaitTables(nobody, ['never'], soon)).rejects.toThrow('cannot be reached');
    await nobody.end();
    const dropped = new URL(database.url);
    dropped.pathname = '/gone';
    const gone = createPool({ url: dropped.href, applicationName: 'test', log: silentLog });
    await expect(awaitTables(gone, ['never'], soon)).rejects.toThrow('does not let us in (3D000).');
    await gone.end();
  });
});
