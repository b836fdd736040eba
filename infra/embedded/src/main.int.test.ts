import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serviceProcess } from '../test/serviceProcess.js';
import { untilOtherProcess } from '../test/untilOtherProcess.js';
import { readEngines } from './dataFolder/enginesFile.js';
import { processStart } from './dataFolder/processStart.js';

let folder: string;
let DATA_DIR: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-main-'));
  DATA_DIR = join(folder, 'data');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const postmaster = async (): Promise<number> =>
  Number((await readFile(join(DATA_DIR, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);

const account = { email: 'ada@example.org', password: 'nine quiet boats at noon' };
const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

describe('npm start', () => {
  it('F-01 F-32 recovers from kill -9, exits when its Postgres is killed, and stops cleanly on SIGTERM', async () => {
    const killed = serviceProcess({ DATA_DIR });
    const registered = await post(`${await killed.ready}/api/v1/auth/register`, { ...account, name: 'Ada' });
    expect(registered.status).toBe(202);
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toBeNull();

    const withoutPostgres = serviceProcess({ DATA_DIR });
    const login = await post(`${await withoutPostgres.ready}/api/v1/auth/login`, account);
    expect([login.status, await login.json()]).toEqual([
      403,
      expect.objectContaining({ type: expect.stringMatching(/email-not-confirmed$/) }),
    ]);
    process.kill(await postmaster(), 'SIGKILL');
    expect(await withoutPostgres.ended).toBe(1);
    expect(withoutPostgres.output().stdout).toContain('Postgres ended unexpectedly');

    const stopped = serviceProcess({ DATA_DIR });
    const api = await stopped.ready;
    expect(stopped.output().stdout).toContain(`curl -s ${api}/api/v1/auth/register`);
    const pid = await postmaster();
    stopped.child.kill('SIGTERM');
    expect(await stopped.ended).toBe(0);
    expect(await processStart(pid)).toBeUndefined();
    expect((await readdir(DATA_DIR)).sort()).toEqual([
      'checkpoints',
      'jwks.json',
      'notary.pub',
      'postgres',
      'postgres.password',
      's3',
      'secrets.json',
      'version',
    ]);
  }, 300_000);

  it('refuses to start where the temporary folder is missing, says so, and starts nothing', async () => {
    const refused = serviceProcess({ DATA_DIR, TMPDIR: join(folder, 'missing') });
    expect(await refused.ended).toBe(1);
    expect(refused.output().stderr).toContain('The temporary folder (TMPDIR) takes no files (ENOENT)');
    expect(await readdir(folder)).toEqual([]);
  }, 300_000);

  it('F-32 stops cleanly on SIGHUP and SIGQUIT, also during its start, and its Postgres ends before it', async () => {
    let pid = 0;
    for (const signal of ['SIGQUIT', 'SIGHUP'] as const) {
      const running = serviceProcess({ DATA_DIR });
      await running.ready;
      pid = await postmaster();
      running.child.kill(signal);
      // Before it has the signal, a failure to write would end it.
      await untilOtherProcess(() => running.output().stdout.includes('"msg":"stopping"'));
      // What it logs from now on meets a pipe without a reader.
      running.child.stdout?.destroy();
      expect(await running.ended).toBe(0);
      expect(await processStart(pid)).toBeUndefined();
    }

    const starting = serviceProcess({ DATA_DIR });
    await untilOtherProcess(async () => ![0, pid].includes(await postmaster().catch(() => 0)));
    const next = await postmaster();
    starting.child.kill('SIGHUP');
    expect(await starting.ended).toBe(0);
    expect(await processStart(next)).toBeUndefined();
  }, 300_000);

  it('F-36 stops in order when nobody reads its stdout, and says so on stderr', async () => {
    const unread = serviceProcess({ DATA_DIR });
    await untilOtherProcess(async () => (await postmaster().catch(() => 0)) !== 0);
    const pid = await postmaster();
    unread.child.stdout?.destroy();
    // A service that was ready before writes only when it is asked.
    const ask = () => readEngines(DATA_DIR).then(({ api }) => fetch(`${api}/api/v1/user`));
    const asking = setInterval(() => void ask().catch(() => undefined), 200);
    expect(await unread.ended).toBe(1);
    clearInterval(asking);
    expect(unread.output().stderr).toMatch(/(?:^|\n)The service stops, because nobody reads .*\n$/);
    expect(await processStart(pid)).toBeUndefined();
  }, 300_000);

  it.each([
    [['--engine'], 'npm start accepts no argument "--engine", only --engines.'],
    [['--engines'], '--engines starts Kafka and OpenSearch, so KAFKA_BROKERS must not be set.'],
  ])(
    'refuses the arguments %j with one sentence, exits with 1 and starts nothing',
    async (args, sentence) => {
      const refused = serviceProcess({ DATA_DIR, KAFKA_BROKERS: 'kafka:9092' }, args);
      expect(await refused.ended).toBe(1);
      expect(refused.output().stderr).toBe(`${sentence}\n`);
      expect(await readdir(folder)).toEqual([]);
    },
    300_000,
  );

  it('lists all configuration faults, exits with 1 and starts nothing', async () => {
    const refused = serviceProcess({ DATA_DIR, PORT: 'eighty', PUBLIC_URL: 'nowhere', PASSWORD_HASH: 'md5' });
    expect(await refused.ended).toBe(1);
    expect(refused.output().stderr).toMatch(
      /^The configuration cannot be used:\n {2}PORT must be .*\n {2}PUBLIC_URL must be .* URL\n {2}PASSWORD_HASH must be one of .*\n$/,
    );
    expect(await readdir(folder)).toEqual([]);
  }, 300_000);
});
