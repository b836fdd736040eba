import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../kit/test/until.js';
import { copyDataFolder, copyWithoutTables, createDataFolder } from './test/dataFolders.js';
import { folderSnapshot } from './test/folderSnapshot.js';
import { refusalOf, startService } from './test/startService.js';

let parent: string;
/** A valid data folder, copied by the tests. */
let original: string;
let DATA_DIR: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ums-refused-'));
  original = await createDataFolder(join(parent, 'original'));
}, 300_000);
afterAll(() => rm(parent, { recursive: true, force: true }));
beforeEach(async () => {
  DATA_DIR = join(await mkdtemp(join(parent, 'case-')), 'data');
});
afterEach(() => rm(join(DATA_DIR, '..'), { recursive: true, force: true }));

/** A path at which this process may not create a folder. */
const forbiddenPath = async (): Promise<string> => {
  if (process.getuid?.() === 0) return '/sys/data';
  const folder = join(DATA_DIR, '..', 'closed');
  await mkdir(folder, { mode: 0o555 });
  return join(folder, 'data');
};

const takePort = async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { port: String(port), free: () => new Promise((resolve) => server.close(resolve)) };
};

describe('a refused start', () => {
  it.each(['PORT', 'METRICS_PORT', 'INBOX_PORT'])(
    'names the %s that is in use, and does not change the data folder',
    async (name) => {
      await copyWithoutTables(original, DATA_DIR);
      const before = await folderSnapshot(DATA_DIR);
      const taken = await takePort();
      expect(await refusalOf({ DATA_DIR, [name]: taken.port })).toBe(
        `Port ${taken.port} of 127.0.0.1 is taken by another program.`,
      );
      await taken.free();
      expect(await folderSnapshot(DATA_DIR)).toEqual(before);
    },
  );

  it('names a data folder that cannot be created', async () => {
    await writeFile(DATA_DIR, 'a file');
    expect(await refusalOf({ DATA_DIR })).toBe(`The data folder ${DATA_DIR} cannot be created (EEXIST).`);
    expect(await readFile(DATA_DIR, 'utf8')).toBe('a file');
    expect(await refusalOf({ DATA_DIR: await forbiddenPath() })).toMatch(
      /^The data folder .* cannot be created \((EACCES|EPERM|EROFS)\)\.$/,
    );
  });

  it('does not change a folder that is no data folder', async () => {
    await mkdir(DATA_DIR, { recursive: true });
    await writeFile(join(DATA_DIR, 'thesis.txt'), 'precious');
    const before = await folderSnapshot(DATA_DIR);
    expect(await refusalOf({ DATA_DIR })).toBe(
      `${DATA_DIR} is not empty and is not a data folder of this service; nothing was changed.`,
    );
    expect(await folderSnapshot(DATA_DIR)).toEqual(before);
  });

  it('does not affect a service that runs on the same data folder', async () => {
    await copyDataFolder(original, DATA_DIR);
    const first = await startService({ DATA_DIR });
    // The start does not wait for the notary.
    const isReady = async () => (await fetch(`${first.api}/health/ready`)).status === 200;
    await until(isReady);
    expect(await refusalOf({ DATA_DIR })).toBe(
      `The folder ${DATA_DIR} is in use by process ${first.pid}; stop that process first.`,
    );
    await until(isReady);
    expect(await first.end('SIGTERM')).toBe(0);
  }, 300_000);
});
