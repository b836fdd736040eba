import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { heldPostgres } from '../../test/heldPostgres.js';
import { execute } from '../../test/postgres.js';
import { processStart } from '../dataFolder/processStart.js';
import { stopServer } from './orphan.js';
import { startPostgres } from './startPostgres.js';

let folder: string;
const start = () => startPostgres({ dataDir: join(folder, 'postgres'), fsync: false });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-orphan-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a start after kill -9', () => {
  it('F-01 stops the orphan of a killed process and loses nothing that was committed', async () => {
    const held = heldPostgres(join(folder, 'postgres'));
    const orphan = await held.started;
    await execute(orphan.url, 'create table kept (n int); insert into kept values (1)');
    held.holder.kill('SIGKILL');
    await held.ended;
    expect(await processStart(orphan.pid)).toBeDefined();
    const engine = await start();
    expect(await processStart(orphan.pid)).toBeUndefined();
    expect((await execute(engine.url('postgres'), 'select n from kept')).rows).toEqual([{ n: 1 }]);
    await engine.close();
    expect(await readdir(folder)).toEqual(['postgres', 'postgres.password']);
  });

  it('waits for the backends of a server that was killed itself', async () => {
    const held = heldPostgres(join(folder, 'postgres'));
    const orphan = await held.started;
    const busy = new pg.Client({ connectionString: orphan.url });
    busy.on('error', () => undefined);
    await busy.connect();
    const cut = busy.query('select pg_sleep(0.4)').catch(() => 'cut');
    held.holder.kill('SIGKILL');
    process.kill(orphan.pid, 'SIGKILL');
    await held.ended;
    const engine = await start();
    expect((await execute(engine.url('postgres'), 'select 1 as n')).rows).toEqual([{ n: 1 }]);
    await cut;
    await engine.close();
  });

  it('never touches a process that only got the number of the orphan', async () => {
    await (await start()).close();
    const stranger = spawn('sleep', ['60']);
    await writeFile(
      join(folder, 'postgres', 'postmaster.pid'),
      `${stranger.pid}\n${join(folder, 'postgres')}\n1\n1\n\n\n`,
    );
    const engine = await start();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    expect(await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).toMatch(new RegExp(`^${engine.pid}\n`));
    await engine.close();
    stranger.kill();
  });
});

describe('stopServer', () => {
  it('says which process to stop when it ignores every signal', async () => {
    const stubborn = spawn('sh', ['-c', 'trap "" INT QUIT; echo ready; while :; do sleep 1; done']);
    await once(stubborn.stdout, 'data');
    const stopping = stopServer(stubborn.pid ?? 0, '/data', { SIGINT: 40, SIGQUIT: 40 });
    await expect(stopping).rejects.toThrow(`does not stop; stop process ${stubborn.pid} first.`);
    stubborn.kill('SIGKILL');
  });

  it('is content with a process that has gone', async () => {
    const gone = spawn('true');
    await once(gone, 'exit');
    await expect(stopServer(gone.pid ?? 0, '/data')).resolves.toBeUndefined();
  });
});
