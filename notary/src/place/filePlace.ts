import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { parseNotes } from '../note/signedNote.js';
import type { ReadablePlace } from './place.js';

/** Name of the file in its folder. */
export const CHECKPOINT_FILE = 'checkpoints';

/** The end of the file that is read for its last note, in bytes: many times the length of a note. */
const TAIL_BYTES = 16_384;

/**
 * A file that is only appended to, so that its file system may forbid anything else: signed notes, an empty line after each. A
 * note that was cut off when the machine stopped stays in it, and the next one begins on a line of its own.
 */
export const filePlace = (folder: string): ReadablePlace => {
  const path = join(folder, CHECKPOINT_FILE);
  return {
    name: 'file',
    publish: async ({ note }) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await using(await open(path, 'a+', 0o644), async (file) => {
        const isWhole = /^$|\n\n$/.test(await tailOf(file, 2));
        await file.appendFile(`${isWhole ? '' : '\n\n'}${note}\n`);
        await file.sync();
      });
      await using(await open(folder), (opened) => opened.sync());
    },
    latest: async () => {
      try {
        const tail = await using(await open(path), (file) => tailOf(file, TAIL_BYTES));
        return parseNotes(tail).length === 0 ? undefined : tail;
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
  };
};

const using = async <T>(file: FileHandle, work: (file: FileHandle) => Promise<T>): Promise<T> => {
  try {
    return await work(file);
  } finally {
    await file.close();
  }
};

const tailOf = async (file: FileHandle, bytes: number): Promise<string> => {
  const { size } = await file.stat();
  const length = Math.min(size, bytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString('utf8', 0, bytesRead);
};
