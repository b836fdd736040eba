import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { leafOfEvent, treeHash } from './independentTree.js';
import { type SampleEntry, sampleLog } from './sampleLog.js';
import type { TestNotary } from './testNotary.js';

/** A log export on the disk, of any size. */
export interface ExportFile {
  path: string;
  count: number;
  leaves: readonly Buffer[];
  /** Where each line begins, the header first, and where the last one ends. */
  offsets: Float64Array;
}

/** A part of a tampered file: bytes of the original, or others. */
export type Piece = { from: number; to: number } | Buffer;

export const exportLine = ({ index, position, event }: SampleEntry, leaf: Buffer): Buffer =>
  Buffer.from(`${JSON.stringify({ index, leaf: leaf.toString('base64'), position, event })}\n`);

export const headerLine = (checkpoint: string): Buffer =>
  Buffer.from(`${JSON.stringify({ format: 'ums-log-export.v1', checkpoint })}\n`);

const LINES_AT_ONCE = 1_000;

/** Writes the export of a sample log. */
export const writeExport = async (path: string, count: number, notary: TestNotary): Promise<ExportFile> => {
  const leaves = Array.from(sampleLog(count), ({ event }) => leafOfEvent(event));
  const offsets = new Float64Array(count + 2);
  const file = await open(path, 'w');
  try {
    let pending = [headerLine(notary.sign(count, treeHash(leaves)))];
    let end = 0;
    let line = 0;
    const flush = async (): Promise<void> => {
      await file.write(Buffer.concat(pending));
      pending = [];
    };
    const placed = (bytes: Buffer): void => {
      end += bytes.length;
      line += 1;
      offsets[line] = end;
    };
    placed(pending[0] as Buffer);
    for (const entry of sampleLog(count)) {
      const bytes = exportLine(entry, leaves[entry.index] as Buffer);
      placed(bytes);
      if (pending.push(bytes) === LINES_AT_ONCE) await flush();
    }
    await flush();
  } finally {
    await file.close();
  }
  return { path, count, leaves, offsets };
};

/** The bytes of a file that consists of these pieces. */
export async function* bytesOf({ path }: ExportFile, pieces: readonly Piece[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces)
    if (Buffer.isBuffer(piece)) yield piece;
    else if (piece.from < piece.to)
      yield* createReadStream(path, { start: piece.from, end: piece.to - 1, highWaterMark: 262_144 });
}
