import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase } from '../../test/postgres.js';
import { withConnection } from './withConnection.js';

let database: { url: string; drop(): Promise<void> };
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

describe('withConnection', () => {
  it('rejects, and does not end the process, when Postgres ends the connection', async () => {
    const { url } = database;
    const broken = withConnection(url, async (client) => {
      await client.query('select pg_terminate_backend(pg_backend_pid())');
    });
    await expect(broken).rejects.toThrow('terminating connection');
    const brokenBetween = withConnection(url, async (client) => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const ended = new Promise((resolve) => client.once('end', resolve));
      await withConnection(url, (other) => other.query('select pg_terminate_backend($1)', [rows[0]?.pid]));
      await ended;
      await client.query('select 1');
    });
    await expect(brokenBetween).rejects.toThrow();
  });
});
