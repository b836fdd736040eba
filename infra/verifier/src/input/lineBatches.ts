import { isUtf8 } from 'node:buffer';
import { Fault } from '../fault.js';

const LINE_FEED = 0x0a;
/** Far above the largest event that a log takes, which is 1 MiB before its bytes are escaped. */
const MAX_LINE_BYTES = 16 * 1_024 * 1_024;

/**
 * Splits a stream of bytes into lines without their line feeds, some at a time. Holds one chunk and one line at most.
 *
 * @throws Fault for bytes that are not UTF-8, a line of more than 16 MiB, and a last line without line feed: it was cut off.
 */
export async function* lineBatches(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let number = 0;
  const textOf = (bytes: Buffer): string => {
    number += 1;
    if (!isUtf8(bytes)) throw new Fault(`Line ${number} is not UTF-8.`);
    return bytes.toString('utf8');
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      const part = bytes.subarray(start, end);
      lines.push(textOf(pendingBytes === 0 ? part : Buffer.concat([...pending, part])));
      pending = [];
      pendingBytes = 0;
      start = end + 1;
    }
    if (start < bytes.length) {
      pending.push(bytes.subarray(start));
      pendingBytes += bytes.length - start;
    }
    if (pendingBytes > MAX_LINE_BYTES) throw new Fault(`Line ${number + 1} is longer than 16 MiB.`);
    yield lines;
  }
  if (pendingBytes > 0) throw new Fault(`Line ${number + 1} has no end: the file was cut off.`);
}
