import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '@ums/embedded/config';
import { newSecrets } from '@ums/embedded/dataFolder/secrets';
import { start } from '@ums/embedded/start';
import { silentLog } from '@ums/kit/log';
import { spawnProgram } from '../e2e/test/spawnProgram.js';
import { faultRounds } from '../kit/test/faultRounds.js';
import { until } from '../kit/test/until.js';
import { snapshot } from './test/snapshot.js';

const PORTS = { HOST: '127.0.0.1', PORT: '0', INBOX_PORT: '0', METRICS_PORT: '0' };
const SECRETS = Object.keys(newSecrets()) as (keyof ReturnType<typeof newSecrets>)[];
/** Most are refused by the same few lines, which have tests of their own. */
const DAMAGES = faultRounds({ usual: 3, full: 9 });
const WRONG_SECRETS = faultRounds({ usual: 1, full: SECRETS.length });
let parent: string;
/** A data folder that was in use, and one of another service: copied for each test. */
let used: string;
let foreign: string;
let DATA_DIR: string;

const usedFolder = async (dataDir: string): Promise<string> => {
  const first = await start({
    config: readConfig({ ...PORTS, DATA_DIR: dataDir }),
    env: { PASSWORD_HASH: 'bcrypt:4' },
    logFor: () => silentLog,
    fsync: false,
    onFatal: (error) => {
      throw error;
    },
  });
  await first.close();
  return dataDir;
};

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ums-refused-'));
  used = await usedFolder(join(parent, 'used'));
  foreign = await usedFolder(join(parent, 'foreign'));
}, 60_000);
afterAll(() => rm(parent, { recursive: true, force: true }));
beforeEach(async () => {
  DATA_DIR = join(await mkdtemp(join(parent, 'case-')), 'data');
});
afterEach(() => rm(join(DATA_DIR, '..'), { recursive: true, force: true }));

const serviceOn = (env: Readonly<Record<string, string>>) =>
  spawnProgram('infra/embedded/dist/main.js', { ...PORTS, PASSWORD_HASH: 'bcrypt:4', ...env });

/** Starts the service as an operator does. @returns the one sentence it ended with. */
const refusal = async (env: Readonly<Record<string, string>> = {}): Promise<string> => {
  const refused = serviceOn({ DATA_DIR, ...env });
  expect(await refused.ended).toBe(1);
  const { err } = refused.output();
  expect(err).toMatch(/^[^\n]+\.\n$/);
  return err.trim();
};

/** Starts the service and waits until it says where it is. */
const running = async () => {
  const service = serviceOn({ DATA_DIR });
  let api: string | undefined;
  await until(() => {
    api = /API docs {2}(\S+)\/apidocs\//.exec(service.output().out)?.[1];
    return api !== undefined;
  });
  return { ...service, api };
};

/** Nothing was destroyed: it works as before. */
const starts = async (): Promise<void> => expect(await (await running()).end('SIGTERM')).toBe(0);

const copyOf = (folder: string) => cp(folder, DATA_DIR, { recursive: true, verbatimSymlinks: true });

/** All but the bulk of the cluster, for what is refused before the cluster is touched. */
const outlineOf = (folder: string) =>
  cp(folder, DATA_DIR, { recursive: true, filter: (path) => !/postgres\/(base|pg_wal)$/.test(path) });

/** A path that may not be made by whoever runs this. */
const unwritable = async (): Promise<string> => {
  if (process.getuid?.() === 0) return '/sys/data';
  const folder = join(DATA_DIR, '..', 'closed');
  await mkdir(folder, { mode: 0o555 });
  return join(folder, 'data');
};

const takenPort = async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { port: String(port), free: () => new Promise((resolve) => server.close(resolve)) };
};

describe('a start that cannot be', () => {
  it.each(['PORT', 'METRICS_PORT', 'INBOX_PORT'])(
    'names the %s that is taken, and leaves the folder as it was',
    async (name) => {
      await outlineOf(used);
      const before = await snapshot(DATA_DIR);
      const taken = await takenPort();
      expect(await refusal({ [name]: taken.port })).toBe(
        `Port ${taken.port} of 127.0.0.1 is taken by another program.`,
      );
      await taken.free();
      expect(await snapshot(DATA_DIR)).toEqual(before);
    },
  );

  it('names a folder that cannot be made', async () => {
    await writeFile(DATA_DIR, 'a file');
    expect(await refusal()).toBe(`The data folder ${DATA_DIR} cannot be made (EEXIST).`);
    expect(await readFile(DATA_DIR, 'utf8')).toBe('a file');
    expect(await refusal({ DATA_DIR: await unwritable() })).toMatch(
      /^The data folder .* cannot be made \((EACCES|EPERM|EROFS)\)\.$/,
    );
  });

  it('leaves a folder of other things alone', async () => {
    await mkdir(DATA_DIR, { recursive: true });
    await writeFile(join(DATA_DIR, 'thesis.txt'), 'precious');
    const before = await snapshot(DATA_DIR);
    expect(await refusal()).toBe(`${DATA_DIR} is not empty and no data folder of this service; nothing was changed.`);
    expect(await snapshot(DATA_DIR)).toEqual(before);
  });

  const damages: [string, () => Promise<unknown>, RegExp][] = [
    [
      'no secrets',
      () => rm(join(DATA_DIR, 'secrets.json')),
      /secrets\.json cannot be read \(ENOENT\); nothing was changed\.$/,
    ],
    [
      'a secret missing',
      () => withSecrets(({ MASTER_KEY: _, ...rest }) => rest),
      /^MASTER_KEY in .* is missing or damaged; nothing was changed\.$/,
    ],
    ['a cluster without its version', () => rm(join(DATA_DIR, 'postgres', 'PG_VERSION')), /PG_VERSION/],
    [
      'a secret cut short',
      () => withSecrets((secrets) => ({ ...secrets, ADDRESS_KEY: 'short' })),
      /^ADDRESS_KEY in .* is missing or damaged; nothing was changed\.$/,
    ],
    [
      'secrets that everybody may read',
      () => chmod(join(DATA_DIR, 'secrets.json'), 0o644),
      /can be opened by every user/,
    ],
    [
      'secrets that are no JSON',
      () => writeFile(join(DATA_DIR, 'secrets.json'), '{"MASTER_KEY": "hush'),
      /is damaged: it holds no JSON object; nothing was changed\.$/,
    ],
    [
      'a newer version',
      () => writeFile(join(DATA_DIR, 'version'), '2'),
      /newer version of this service; nothing was changed\.$/,
    ],
    [
      'a damaged version',
      () => writeFile(join(DATA_DIR, 'version'), 'x'),
      /damaged version file; nothing was changed\.$/,
    ],
    ['a cluster of another Postgres', () => writeFile(join(DATA_DIR, 'postgres', 'PG_VERSION'), '9.6\n'), /Postgres/],
  ];
  it.each(damages.slice(0, DAMAGES))(
    'refuses a data folder with %s, and changes nothing in it',
    async (_, damage, sentence) => {
      await outlineOf(used);
      await damage();
      const before = await snapshot(DATA_DIR);
      expect(await refusal()).toMatch(sentence);
      expect(await snapshot(DATA_DIR)).toEqual(before);
    },
  );

  it('refuses a cluster that Postgres cannot start, and destroys none of it', async () => {
    await copyOf(used);
    await rename(join(DATA_DIR, 'postgres', 'global', 'pg_control'), join(DATA_DIR, 'pg_control'));
    expect(await refusal()).toMatch(/^Postgres .*\.$/);
    await rename(join(DATA_DIR, 'pg_control'), join(DATA_DIR, 'postgres', 'global', 'pg_control'));
    await starts();
  });

  it.each(SECRETS.slice(0, WRONG_SECRETS))(
    'K-01 refuses another %s than the data was made with, and starts again with the right one',
    async (name) => {
      await copyOf(used);
      const right = await readFile(join(DATA_DIR, 'secrets.json'), 'utf8');
      await withSecrets((secrets) => ({ ...secrets, [name]: newSecrets()[name] }));
      expect(await refusal()).toBe(`${name} is not the secret this vault was made with.`);
      await writeFile(join(DATA_DIR, 'secrets.json'), right);
      await starts();
    },
  );

  it('refuses the cluster of another service under its own secrets', async () => {
    await copyOf(used);
    await rm(join(DATA_DIR, 'postgres'), { recursive: true });
    await cp(join(foreign, 'postgres'), join(DATA_DIR, 'postgres'), { recursive: true, verbatimSymlinks: true });
    expect(await refusal()).toMatch(/\.$/);
  });

  it('refuses a second start on the folder of a running service, which goes on', async () => {
    await copyOf(used);
    const first = await running();
    expect(await refusal()).toBe(`The folder ${DATA_DIR} is in use by process ${first.pid}; stop that one first.`);
    expect((await fetch(`${first.api}/health/ready`)).status).toBe(200);
    expect(await first.end('SIGTERM')).toBe(0);
  });
});

const withSecrets = async (change: (secrets: Record<string, string>) => Record<string, string>) => {
  const file = join(DATA_DIR, 'secrets.json');
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
};
