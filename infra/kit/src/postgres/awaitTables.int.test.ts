import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { awaitTables } from './awaitTables.js';
import { createPool } from './pool.js';

/** Longer than a busy machine takes to connect. */
const patient = { connectTimeoutMs: PATIENT_MS, applicationName: 'test', log: silentLog };

describe('awaitTables', () => {
  it('waits until another service has created the tables', async () => {
    const database = await testDatabase();
    const pool = createPool({ url: database.url, ...patient });
    let isReady = false;
    const waiting = awaitTables(pool, ['late'], { owner: 'command-api' }).then(() => {
      isReady = true;
    });
    await pool.query('select 1');
    expect(isReady).toBe(false);
    await execute(database.url, 'create table late (n int)');
    await waiting;
    await pool.end();
    await database.drop();
  });

  it('waits until another service lets this one use its schema', async () => {
    const database = await testDatabase();
    const role = `reader_${randomUUID().replaceAll('-', '')}`;
    await execute(database.url, `create role ${role} login password 'only-a-test'; create schema other`);
    const url = new URL(database.url);
    [url.username, url.password] = [role, 'only-a-test'];
    const pool = createPool({ url: url.href, ...patient });
    const waiting = awaitTables(pool, ['other.late'], { owner: 'notary' });
    await expect(awaitTables(pool, ['other.late'], { owner: 'notary', timeoutMs: 1 })).rejects.toThrow(
      'does not let this service use its tables (42501): start notary first, or, if it runs, grant the role',
    );
    await execute(database.url, `create table other.late (n int); grant usage on schema other to ${role}`);
    await waiting;
    await pool.end();
    await execute(database.url, `drop owned by ${role}; drop role ${role}`);
    await database.drop();
  });

  it('refuses to start when the tables stay missing or the database is unreachable', async () => {
    const database = await testDatabase();
    const pool = createPool({ url: database.url, ...patient });
    const soon = { owner: 'command-api', timeoutMs: 1 };
    await expect(awaitTables(pool, ['never'], soon)).rejects.toThrow('start command-api first');
    await pool.end();
    await database.drop();
    const unreachable = createPool({ url: 'postgres://u@127.0.0.1:1/x', ...patient });
    await expect(awaitTables(unreachable, ['never'], soon)).rejects.toThrow(
      'The database of command-api cannot be reached (ECONNREFUSED).',
    );
    await unreachable.end();
    const dropped = new URL(database.url);
    dropped.pathname = '/gone';
    const gone = createPool({ url: dropped.href, ...patient });
    await expect(awaitTables(gone, ['never'], soon)).rejects.toThrow('rejects the login (3D000).');
    await gone.end();
  });
});
