import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { execute } from '../../test/postgres.js';
import { postgresProcess } from '../../test/postgresProcess.js';
import { processStart } from '../dataFolder/processStart.js';
import { startPostgres } from './startPostgres.js';
import { stopServer } from './stopOrphan.js';

let folder: string;
const start = () => startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-orphan-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a start after kill -9 of its predecessor', () => {
  it('F-01 stops the orphaned server and keeps everything that was committed', async () => {
    const predecessor = postgresProcess(join(folder, 'postgres'));
    const orphan = await predecessor.started;
    await execute(orphan.url, 'create table kept (n int); insert into kept values (1)');
    predecessor.child.kill('SIGKILL');
    await predecessor.ended;
    expect(await processStart(orphan.pid)).toBeDefined();
    const engine = await start();
    expect(await processStart(orphan.pid)).toBeUndefined();
    expect((await execute(engine.url('postgres'), 'select n from kept')).rows).toEqual([{ n: 1 }]);
    await engine.close();
    expect(await readdir(folder)).toEqual(['postgres', 'postgres.password']);
  });

  it('waits for the backends of a server that was killed as well', async () => {
    const predecessor = postgresProcess(join(folder, 'postgres'));
    const orphan = await predecessor.started;
    const busy = new pg.Client({ connectionString: orphan.url });
    busy.on('error', () => undefined);
    await busy.connect();
    const interrupted = busy.query('select pg_sleep(0.4)').catch(() => undefined);
    predecessor.child.kill('SIGKILL');
    process.kill(orphan.pid, 'SIGKILL');
    await predecessor.ended;
    const engine = await start();
    expect((await execute(engine.url('postgres'), 'select 1 as n')).rows).toEqual([{ n: 1 }]);
    await interrupted;
    await engine.close();
  });

  it('does not signal a process that reuses the pid of the orphan', async () => {
    await (await start()).close();
    const other = spawn('sleep', ['60']);
    await writeFile(
      join(folder, 'postgres', 'postmaster.pid'),
      `${other.pid}\n${join(folder, 'postgres')}\n1\n1\n\n\n`,
    );
    const engine = await start();
    expect(other.exitCode ?? other.signalCode).toBeNull();
    expect(await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).toMatch(new RegExp(`^${engine.pid}\n`));
    await engine.close();
    other.kill();
  });
});

describe('a start on a folder whose postmaster.pid is damaged', () => {
  const damage = (text: string) => writeFile(join(folder, 'postgres', 'postmaster.pid'), text);

  it.each(['', 'abc', '\n\n'])('starts when nothing runs on it: %j', async (text) => {
    await (await start()).close();
    await damage(text);
    const engine = await start();
    expect((await execute(engine.url('postgres'), 'select 1 as n')).rows).toEqual([{ n: 1 }]);
    await engine.close();
  });

  it('does not start beside a server that still runs on it', async () => {
    const predecessor = postgresProcess(join(folder, 'postgres'));
    const orphan = await predecessor.started;
    predecessor.child.kill('SIGKILL');
    await predecessor.ended;
    await damage('');
    await expect(start()).rejects.toThrow('is still in use');
    expect(await processStart(orphan.pid)).toBeDefined();
    process.kill(orphan.pid, 'SIGKILL');
    await (await start()).close();
  });
});

describe('stopServer', () => {
  it('names the process to stop when it ignores every signal', async () => {
    const stubborn = spawn('sh', ['-c', 'trap "" INT QUIT; echo ready; while :; do sleep 1; done']);
    await once(stubborn.stdout, 'data');
    const stopping = stopServer(stubborn.pid ?? 0, '/data', { SIGINT: 40, SIGQUIT: 40 });
    await expect(stopping).rejects.toThrow(`does not stop; stop process ${stubborn.pid} first.`);
    stubborn.kill('SIGKILL');
  });

  it('accepts a process that has already ended', async () => {
    const ended = spawn('true');
    await once(ended, 'exit');
    await expect(stopServer(ended.pid ?? 0, '/data')).resolves.toBeUndefined();
  });
});
