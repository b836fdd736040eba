import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { UnusableInput } from '../fault.js';

const CHUNK_BYTES = 256 * 1_024;

const unreadable = (path: string, error: unknown): UnusableInput =>
  new UnusableInput(`The file ${JSON.stringify(path)} cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
    cause: error,
  });

/** The whole of a file as text. @throws UnusableInput */
export const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
};

/** The beginning of a file, and its size in bytes. @throws UnusableInput */
export const readBeginning = async (path: string, bytes: number): Promise<{ text: string; size: number }> => {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
      return { text: buffer.toString('utf8', 0, bytesRead), size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
};

/** The bytes of a file, a chunk at a time. @throws UnusableInput */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES });
  } catch (error) {
    throw unreadable(path, error);
  }
}
