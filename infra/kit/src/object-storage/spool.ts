import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { codeOf } from '../postgres/errors.js';
import { noteWait } from '../wait.js';
import { openNameless } from './namelessFile.js';
import { ObjectTooLarge } from './objectTooLarge.js';

/** The content of a stream, in a temporary file. */
export interface Spooled {
  /** In bytes. */
  size: number;
  /** The content from its beginning; may be called again. */
  read(): Readable;
  close(): Promise<void>;
}

const CHUNK_BYTES = 65_536;

/**
 * Writes a stream to a temporary file, which is deleted as soon as it is open: no other process can open it, and none is left
 * after a crash.
 * @throws ObjectTooLarge when the stream is longer than `maxBytes`; DependencyUnavailable when the file cannot be written;
 * errors of the stream.
 */
export const spool = async (content: Readable, maxBytes: number, folder = tmpdir()): Promise<Spooled> => {
  const file = await onDisk(openNameless(folder));
  try {
    let size = 0;
    // A stream that is destroyed could be a request, which must still be answered.
    for await (const chunk of content.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > maxBytes) throw new ObjectTooLarge(maxBytes);
      await onDisk(file.appendFile(chunk));
    }
    return { size, read: () => streamOf(file), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
};

const onDisk = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    const dependency = 'temporary folder';
    const limit = codeOf(error) ?? 'unknown error';
    throw noteWait(new DependencyUnavailable(dependency, error), { dependency, limit, waitedMs: 0 });
  }
};

/** A file stream of Node would close the file, which may be read again. */
const streamOf = (file: FileHandle): Readable => {
  const stream = Readable.from(chunksOf(file), { objectMode: false });
  // An upload that was aborted may still be reading when the file is closed.
  stream.on('error', () => undefined);
  return stream;
};

async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
