import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execute } from '../../test/postgres.js';
import { postgresProcess } from '../../test/postgresProcess.js';
import { processStart } from '../dataFolder/processStart.js';
import { EngineFailed } from '../engineFailed.js';
import { freePort } from '../freePort.js';
import { type PostgresEngine, startPostgres } from './startPostgres.js';

/** A data folder for all tests that keep it intact: creating one takes longer than all of these tests. */
let shared: string;
let fresh: string;
let folder: string;
let engines: PostgresEngine[];

const start = async (options: Partial<Parameters<typeof startPostgres>[0]> = {}) => {
  const engine = await startPostgres({ dataDir: join(folder, 'postgres'), fsync: false, ...options });
  engines.push(engine);
  return engine;
};

const failure = async (options: Partial<Parameters<typeof startPostgres>[0]> = {}): Promise<string> => {
  const error = await start(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineFailed);
  return (error as EngineFailed).message;
};

const value = async (engine: PostgresEngine, sql: string, database = 'postgres') =>
  Object.values((await execute(engine.url(database), sql)).rows[0] ?? {})[0];

const useSharedFolder = () => {
  folder = shared;
};

beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'ums-postgres-'));
  await (await startPostgres({ dataDir: join(shared, 'postgres'), fsync: false })).close();
});

afterAll(() => rm(shared, { recursive: true, force: true }));

beforeEach(async () => {
  fresh = await mkdtemp(join(tmpdir(), 'ums-postgres-'));
  folder = fresh;
  engines = [];
});

afterEach(async () => {
  for (const engine of engines) await engine.close();
  await rm(fresh, { recursive: true, force: true });
});

describe('startPostgres', () => {
  it('keeps rows across a restart and leaves nothing running', async () => {
    useSharedFolder();
    const first = await start();
    await execute(first.url('postgres'), 'create table kept (n int); insert into kept values (7)');
    await first.close();
    expect(await processStart(first.pid)).toBeUndefined();
    const second = await start();
    expect(await value(second, 'select n from kept')).toBe(7);
    await second.close();
    expect(await readdir(folder)).toEqual(['postgres', 'postgres.password']);
  });

  it('starts in a folder whose name has commas and quotes, and puts its socket there', async () => {
    const dataDir = join(folder, `a,b 'c' "d"`, 'postgres');
    const engine = await start({ dataDir });
    const { password } = new URL(engine.url('postgres'));
    const { rows } = await execute(engine.localUrl('postgres', 'postgres', password), 'select 1 as one');
    expect(rows).toEqual([{ one: 1 }]);
    expect(await readdir(folder)).toEqual([`a,b 'c' "d"`]);
  });

  it('creates UTF-8 databases whatever the locale, also after an interrupted creation', async () => {
    await mkdir(join(folder, 'postgres.unfinished'));
    await writeFile(join(folder, 'postgres.unfinished', 'PG_VERSION'), '18\n');
    const server = postgresProcess(join(folder, 'postgres'), { env: { ...process.env, LC_ALL: 'xx_YY.nonsense' } });
    const { url } = await server.started;
    const { rows } = await execute(url, 'select datlocale, pg_encoding_to_char(encoding) as encoding from pg_database');
    server.child.kill('SIGTERM');
    expect(rows).toEqual(Array(3).fill({ datlocale: 'C.UTF-8', encoding: 'UTF8' }));
    expect(await server.ended).toBe(0);
    expect(await readdir(folder)).toEqual(['postgres', 'postgres.password']);
  });

  it('requires a password from every role, and listens on loopback and on a socket that only its user can reach', async () => {
    useSharedFolder();
    const engine = await start();
    await expect(execute(engine.url('postgres', 'postgres', 'wrong'), 'select 1')).rejects.toMatchObject({
      code: '28P01',
    });
    expect(await value(engine, 'show listen_addresses')).toBe('127.0.0.1');
    expect(await value(engine, 'show unix_socket_directories')).toBe(`"${join(folder, 'postgres')}"`);
    expect((await stat(join(folder, 'postgres'))).mode & 0o777).toBe(0o700);
    const { password } = new URL(engine.url('postgres'));
    const local = (secret: string) =>
      execute(engine.localUrl('postgres', 'postgres', secret), 'select inet_server_addr()');
    expect((await local(password)).rows).toEqual([{ inet_server_addr: null }]);
    await expect(local('wrong')).rejects.toMatchObject({ code: '28P01' });
    expect(await value(engine, `select bool_and(auth_method = 'scram-sha-256') from pg_hba_file_rules`)).toBe(true);
    expect((await stat(join(folder, 'postgres.password'))).mode & 0o777).toBe(0o600);
  });

  it('uses TCP alone when the path of the socket would be too long', async () => {
    const engine = await startPostgres({ dataDir: join(folder, 'long'.repeat(30), 'postgres'), fsync: false });
    const { password } = new URL(engine.url('postgres'));
    const { rows } = await execute(engine.localUrl('postgres', 'postgres', password), 'select inet_server_addr()');
    expect(rows).toEqual([{ inet_server_addr: '127.0.0.1' }]);
    await engine.close();
  });

  it('deletes WAL files instead of recycling them, and is durable unless a test turns that off', async () => {
    useSharedFolder();
    const engine = await start({ fsync: true, settings: { max_connections: '17' } });
    const names = ['wal_recycle', 'fsync', 'full_page_writes', 'synchronous_commit', 'max_connections'];
    const shown = names.map((name) => `current_setting('${name}') as ${name}`);
    const { rows } = await execute(engine.url('postgres'), `select ${shown.join(', ')}`);
    expect(rows).toEqual([
      { wal_recycle: 'off', fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', max_connections: '17' },
    ]);
  });

  it('refuses a second start on the same folder and leaves the first server running', async () => {
    useSharedFolder();
    const engine = await start();
    expect(await failure()).toMatch(/is in use by process \d+; stop that process first\.$/);
    expect(await value(engine, 'select 1')).toBe(1);
  });

  it('fails with one sentence when the port is taken', async () => {
    useSharedFolder();
    const other = createServer();
    const port = await freePort(0);
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    expect(await failure({ port })).toBe(`Port ${port} of 127.0.0.1 is taken by another program.`);
    await new Promise((resolve) => other.close(resolve));
    expect((await start({ port })).port).toBe(port);
  });

  it('refuses a folder with other files and changes nothing in it', async () => {
    await mkdir(join(folder, 'postgres'));
    await writeFile(join(folder, 'postgres', 'thesis.txt'), 'precious');
    expect(await failure()).toMatch(/its PG_VERSION cannot be read; nothing was changed\.$/);
    expect(await readFile(join(folder, 'postgres', 'thesis.txt'), 'utf8')).toBe('precious');
    expect(await readdir(folder)).toEqual(['postgres']);
  });

  it('refuses the folder of another major version', async () => {
    await mkdir(join(folder, 'postgres'));
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '15\n');
    expect(await failure()).toMatch(/was created by Postgres 15, but this is Postgres \d+; nothing was changed\.$/);
  });

  it('refuses a folder whose password file is missing or wrong, and starts once it is restored', async () => {
    useSharedFolder();
    const file = join(folder, 'postgres.password');
    const password = await readFile(file, 'utf8');
    await writeFile(file, 'wrong\n');
    expect(await failure()).toMatch(/the password stored next to .* is wrong \(28P01\)\.$/);
    await rm(file);
    expect(await failure()).toMatch(/cannot be read from .*postgres\.password; nothing was changed\.$/);
    await writeFile(file, password);
    expect(await value(await start(), 'select 1')).toBe(1);
  });

  it("repeats the server's error when its settings or files prevent the start", async () => {
    useSharedFolder();
    expect(await failure({ settings: { max_connections: 'many' } })).toMatch(/did not start on .*max_connections/);
    const control = join(folder, 'postgres', 'global', 'pg_control');
    await rename(control, `${control}.moved`);
    expect(await failure()).toMatch(/did not start on .*\.$/);
    await rename(`${control}.moved`, control);
  });

  it('fails with one sentence when the folder cannot be created', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await failure({ dataDir: join(folder, 'file', 'postgres') })).toMatch(
      /cannot be created \((EEXIST|ENOTDIR)\)\.$/,
    );
  });

  it('reports a server that ends unexpectedly, and can still be closed', async () => {
    useSharedFolder();
    const ended = new Promise<EngineFailed>((resolve) => {
      void start({ onFatal: resolve }).then((engine) => process.kill(engine.pid, 'SIGQUIT'));
    });
    expect((await ended).message).toMatch(/^Postgres ended unexpectedly/);
  });
});
