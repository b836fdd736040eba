import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { notaryKeys } from '@ums/notary/note/notaryKeys';
import { readNotaryKeys, writeNotaryKeys } from './notaryKeysFile.js';
import { randomFor } from './secrets.js';

let dataDir: string;
let path: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'ums-keys-'));
  path = join(dataDir, 'notary.pub');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const newLine = (): string => notaryKeys({ name: 'ums/log', key: randomFor(['key']).key ?? '' }).verifierKeys.join('');

describe('writeNotaryKeys', () => {
  it('K-03 keeps the lines of former keys below, each once, and nothing else', async () => {
    const [first, second, third] = [newLine(), newLine(), newLine()];
    await writeNotaryKeys(dataDir, [first]);
    expect(await readFile(path, 'utf8')).toBe(`${first}\n`);
    await writeNotaryKeys(dataDir, [second, first]);
    await writeFile(path, `${await readFile(path, 'utf8')}damaged+0a1b2c3d+AAAA\n`);
    for (let start = 0; start < 2; start += 1) await writeNotaryKeys(dataDir, [third]);
    expect(await readFile(path, 'utf8')).toBe(`${third}\n${second}\n${first}\n`);
    expect(await readNotaryKeys(dataDir)).toEqual([third, second, first]);
  });

  it('names a file that cannot be read', async () => {
    expect(await readNotaryKeys(dataDir)).toEqual([]);
    await mkdir(path);
    const refused = { name: 'EngineFailed', message: `${path} cannot be read (EISDIR).` };
    await expect(writeNotaryKeys(dataDir, [newLine()])).rejects.toMatchObject(refused);
  });
});
