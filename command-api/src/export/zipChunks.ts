import { othersFirst } from '@ums/kit/http/connection/othersFirst';
import { Zip, ZipDeflate } from 'fflate';

/** A file of an archive. */
export interface ZipEntry {
  name: string;
  /** Its content would not become smaller. */
  isCompressed?: boolean;
  content: AsyncIterable<string | Uint8Array>;
}

/** Compressed without a pause: a few milliseconds, in which the process answers nobody. */
const AT_ONCE = 32_768;

/**
 * Makes an archive of files, as far as it is read: an entry is asked for once the one before is read, and its content chunk by
 * chunk. So the memory holds a chunk and the window of the compression, whatever the size of the archive.
 *
 * @param at time of all files.
 * @throws what the entries and their contents throw; the archive is incomplete then.
 */
export async function* zipChunks(entries: AsyncIterable<ZipEntry>, at: Date): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    made.push(chunk);
  });
  for await (const { name, isCompressed = false, content } of entries) {
    // Not `ZipPassThrough`: who reads an archive as a stream cannot find the end of a file that is stored as it is.
    const file = new ZipDeflate(name, isCompressed ? { level: 0 } : {});
    file.mtime = at;
    zip.add(file);
    let sinceTurn = 0;
    for await (const part of parts(content)) {
      file.push(part);
      yield* made.splice(0);
      sinceTurn += part.length;
      if (sinceTurn < AT_ONCE) continue;
      sinceTurn = 0;
      await othersFirst();
    }
    file.push(new Uint8Array(), true);
    yield* made.splice(0);
  }
  zip.end();
  yield* made.splice(0);
}

/** The content in pieces that are compressed at once. */
async function* parts(content: ZipEntry['content']): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    for (let from = 0; from < bytes.length; from += AT_ONCE) yield bytes.subarray(from, from + AT_ONCE);
  }
}
