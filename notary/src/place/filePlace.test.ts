import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { notaryKeys } from '../note/notaryKeys.js';
import { parseNotes } from '../note/signedNote.js';
import { CHECKPOINT_FILE, filePlace } from './filePlace.js';

const name = 'ums/log';
const keys = notaryKeys({ name, key: randomBytes(32).toString('base64') });
const signed = (size: number) => ({ size, note: keys.signed({ origin: name, size, root: randomBytes(32) }) });

describe('a file of checkpoints', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'ums-place-')), 'checkpoints');
    path = join(folder, CHECKPOINT_FILE);
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  const latestSize = async (): Promise<number | undefined> =>
    parseNotes((await filePlace(folder).latest()) ?? '').at(-1)?.head.size;

  it('keeps each note, and returns the last one', async () => {
    expect(await filePlace(folder).latest()).toBeUndefined();
    const notes = [signed(1), signed(2), signed(300)];
    for (const note of notes) await filePlace(folder).publish(note);
    expect(await readFile(path, 'utf8')).toBe(notes.map(({ note }) => `${note}\n`).join(''));
    expect(await latestSize()).toBe(300);
  });

  it('only appends: what a stop of the machine has cut off stays, and is passed over', async () => {
    const [first, torn, last] = [signed(1), signed(2), signed(3)];
    for (let length = 1; length <= torn.note.length; length += 7) {
      await rm(path, { force: true });
      await filePlace(folder).publish(first);
      await appendFile(path, torn.note.slice(0, length));
      const before = await readFile(path, 'utf8');
      expect(await latestSize()).toBe(1);
      await filePlace(folder).publish(last);
      expect((await readFile(path, 'utf8')).startsWith(before)).toBe(true);
      expect(await latestSize()).toBe(3);
    }
  });

  it('holds nothing while its only note is cut off', async () => {
    await filePlace(folder).publish(signed(1));
    await writeFile(path, signed(1).note.slice(0, 40));
    expect(await filePlace(folder).latest()).toBeUndefined();
  });

  it('reads a long file from its end', async () => {
    for (let size = 1; size <= 120; size++) await filePlace(folder).publish(signed(size));
    expect(await latestSize()).toBe(120);
  });

  it('fails when the folder cannot be used', async () => {
    await writeFile(folder, 'a file');
    await expect(filePlace(folder).publish(signed(1))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(filePlace(folder).latest()).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});
