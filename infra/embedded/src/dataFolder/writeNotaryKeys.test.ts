import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { notaryKeys } from '@ums/notary/note/notaryKeys';
import { randomFor } from './secrets.js';
import { writeNotaryKeys } from './writeNotaryKeys.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-keys-'));
  path = join(folder, 'notary.pub');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const newLine = (): string =>
  notaryKeys({ name: 'ums/log', key: randomFor(['key']).key ?? '' })
    .verifierKeys.map((line) => `${line}\n`)
    .join('');

describe('writeNotaryKeys', () => {
  it('K-03 keeps the lines of former keys below, each once, and nothing else', async () => {
    const [first, second, third] = [newLine(), newLine(), newLine()];
    await writeNotaryKeys(path, first);
    expect(await readFile(path, 'utf8')).toBe(first);
    await writeNotaryKeys(path, `${second}${first}`);
    await writeFile(path, `${await readFile(path, 'utf8')}damaged+0a1b2c3d+AAAA\n`);
    for (let start = 0; start < 2; start += 1) await writeNotaryKeys(path, third);
    expect(await readFile(path, 'utf8')).toBe(`${third}${second}${first}`);
  });
});
