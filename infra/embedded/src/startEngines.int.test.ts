import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, START } from '@eventstore/db-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execute } from '../test/postgres.js';
import { startEngines } from './startEngines.js';

let folder: string;
let onFatal: (error: Error) => void;
const start = (inboxPort = 0) =>
  startEngines({ dataDir: join(folder, 'data'), inboxPort, fsync: false, onFatal: (error) => onFatal(error) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-engines-'));
});

beforeEach(() => {
  onFatal = jest.fn();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('startEngines', () => {
  it('starts all engines on a new folder and restarts them with its events, rows and secrets', async () => {
    const first = await start();
    const client = EventStoreDBClient.connectionString`${first.eventLog}`;
    await client.appendToStream('user-1', jsonEvent({ type: 'Something', data: {} }), {
      credentials: { username: 'a', password: 'b' },
    });
    await client.dispose();
    await execute(first.vaultFor('command'), 'create table kept (n int)');
    await first.close();
    const second = await start();
    expect(second.secrets).toEqual(first.secrets);
    await execute(second.vaultFor('command'), 'select * from kept');
    await execute(second.usersFor('query'), 'select 1');
    const again = EventStoreDBClient.connectionString`${second.eventLog}`;
    const types: string[] = [];
    for await (const { event } of again.readStream('user-1', { fromRevision: START })) types.push(event?.type ?? '');
    expect(types).toEqual(['Something']);
    await again.dispose();
    expect((await fetch(`${second.inbox}/store`)).status).toBe(200);
    await second.close();
    expect(onFatal).not.toHaveBeenCalled();
  });

  it('leaves nothing running and the folder unclaimed when one engine cannot start', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    );
    await expect(start(port)).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken by another program.`);
    await new Promise((resolve) => other.close(resolve));
    expect((await readdir(join(folder, 'data'))).filter((name) => name.startsWith('lock'))).toEqual([]);
    await (await start()).close();
  });

  it('reports an engine that ends unexpectedly', async () => {
    const ended = new Promise<Error>((resolve) => {
      onFatal = resolve;
    });
    const engines = await start();
    const { rows } = await execute(engines.postgres, `select pg_read_file('postmaster.pid') as text`);
    process.kill(Number(String(rows[0]?.text).split('\n')[0]), 'SIGQUIT');
    expect((await ended).message).toMatch(/^Postgres ended unexpectedly|^The event log/);
    await engines.close();
  });
});
