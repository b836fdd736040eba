import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const SEGMENT = /^\d{20}\.log$/;
/** Offsets in a record batch of version 2 (https://kafka.apache.org/documentation/#recordbatch). */
const LENGTH_AT = 8;
const ATTRIBUTES_AT = 21;
const RECORDS_AT = 61;
/** The length does not count itself and the offset before it. */
const UNCOUNTED = 12;
/** The three low bits of the attributes. */
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/**
 * The records in the segments of a broker's partitions, decompressed, with those of transactions that were aborted.
 *
 * @param partition names of the folders of the partitions to read
 * @throws Error for records that are compressed otherwise than with gzip
 */
export const segmentRecords = async (folder: string, partition = /-\d+$/): Promise<Buffer> => {
  const records: Buffer[] = [];
  for (const { name, parentPath } of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!SEGMENT.test(name) || !partition.test(parentPath)) continue;
    // Compaction may have removed the segment after it was listed.
    records.push(...batchesIn(await readFile(join(parentPath, name)).catch(() => Buffer.alloc(0))));
  }
  return Buffer.concat(records);
};

/** Ends at the last whole batch: the broker may be writing the next one. */
const batchesIn = (segment: Buffer): Buffer[] => {
  const batches: Buffer[] = [];
  for (let at = 0; at + RECORDS_AT <= segment.length; ) {
    const end = at + UNCOUNTED + segment.readInt32BE(at + LENGTH_AT);
    if (end > segment.length) break;
    const codec = CODECS[segment.readInt16BE(at + ATTRIBUTES_AT) & 7];
    const stored = segment.subarray(at + RECORDS_AT, end);
    if (codec !== 'none' && codec !== 'gzip') throw new Error(`the records are compressed with ${codec}`);
    batches.push(codec === 'gzip' ? gunzipSync(stored) : stored);
    at = end;
  }
  return batches;
};
