import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Engines, readEngines, removeEngines, writeEngines } from './enginesFile.js';

const engines: Engines = {
  api: 'http://127.0.0.1:8080',
  inbox: 'http://127.0.0.1:8025',
  objectStorage: {
    endpoint: 'http://127.0.0.1:4',
    region: 'us-east-1',
    bucket: 'user-files',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  },
  eventLog: 'esdb://127.0.0.1:1?tls=false',
  postgres: 'postgresql://postgres:secret@127.0.0.1:2/postgres',
  vault: 'postgresql://command:secret@127.0.0.1:2/vault',
  users: 'postgresql://projector:secret@127.0.0.1:2/users',
};
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-engines-'));
  file = join(folder, 'engines.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('engines.json', () => {
  it('returns the addresses of the running engines from a file readable by its owner only', async () => {
    await writeEngines(folder, engines);
    expect(await readEngines(folder)).toEqual(engines);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('is ignored after the service has ended, cleanly or not', async () => {
    const notRunning = `No service is running on the data folder ${folder}; start it with npm start, or set DATA_DIR.`;
    await expect(readEngines(folder)).rejects.toThrow(notRunning);
    await writeEngines(folder, engines);
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), start: 'of another process' }));
    await expect(readEngines(folder)).rejects.toThrow(notRunning);
    await writeFile(file, '{}');
    await expect(readEngines(folder)).rejects.toThrow(notRunning);
    await removeEngines(folder);
    await expect(readEngines(folder)).rejects.toThrow(notRunning);
    await expect(readEngines(join(folder, 'missing'))).rejects.toThrow(/^No service is running/);
  });

  it('is refused in a copy of the folder of a running service, and read in one that was moved', async () => {
    await writeEngines(folder, engines);
    const copy = `${folder}.copy`;
    await cp(folder, copy, { recursive: true });
    await expect(readEngines(copy)).rejects.toThrow(`${copy} is a copy of the data folder of a service that runs`);
    await rm(copy, { recursive: true });
    await rename(folder, copy);
    expect(await readEngines(copy)).toEqual(engines);
    await rename(copy, folder);
  });

  it('is not removed by a process that did not write it', async () => {
    await writeEngines(folder, engines);
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), pid: process.ppid }));
    await removeEngines(folder);
    expect(await readFile(file, 'utf8')).toContain('postgresql');
  });

  it('fails without quoting the file when it is damaged or unreadable', async () => {
    await writeFile(file, '{"postgres": "postgresql://postgres:secret@');
    await expect(readEngines(folder)).rejects.toThrow(/engines\.json cannot be read \(it is damaged\)\.$/);
    await rm(file);
    await mkdir(file);
    await expect(readEngines(folder)).rejects.toThrow(/engines\.json cannot be read \(EISDIR\)\.$/);
  });
});
