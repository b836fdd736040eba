import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Texts and byte strings to look for, by name. */
export type Traces = Readonly<Record<string, string | Buffer>>;

interface Needle {
  name: string;
  bytes: Buffer;
}

/**
 * Looks for traces in bytes: plain, or encoded as UTF-16, hex, or base64 at any offset. Reads the bytes once, however many traces
 * there are.
 *
 * @param traces of at least four bytes each
 * @returns the names of those that were found
 */
export const traceFinder = (traces: Traces): ((content: Buffer) => Set<string>) => {
  const byFirstTwo: (Needle[] | undefined)[] = Array(1 << 16).fill(undefined);
  for (const [name, trace] of Object.entries(traces))
    for (const bytes of encodings(trace)) {
      const first = bytes.readUInt16BE();
      byFirstTwo[first] = [...(byFirstTwo[first] ?? []), { name, bytes }];
    }
  return (content) => {
    const found = new Set<string>();
    for (let at = 0, pair = content[0] ?? 0; at + 1 < content.length; at++) {
      pair = ((pair << 8) | (content[at + 1] as number)) & 0xffff;
      for (const { name, bytes } of byFirstTwo[pair] ?? [])
        if (!found.has(name) && isAt(content, at, bytes)) found.add(name);
    }
    return found;
  };
};

const isAt = (content: Buffer, at: number, bytes: Buffer): boolean =>
  content[at + 2] === bytes[2] &&
  at + bytes.length <= content.length &&
  content.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0;

/** Paths of the files below a folder that contain a trace, by its name. A trace that no file contains is left out. */
export const filesWithTraces = async (folder: string, traces: Traces): Promise<Record<string, string[]>> => {
  const find = traceFinder(traces);
  const files: Record<string, string[]> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // The file may be deleted after it was listed.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    for (const name of find(content)) files[name] = [...(files[name] ?? []), path];
  }
  return files;
};

const encodings = (text: string | Buffer): Buffer[] => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const base64 = [0, 1, 2].flatMap((offset) => {
    const whole = bytes.subarray(offset, bytes.length - ((bytes.length - offset) % 3));
    return [whole.toString('base64'), whole.toString('base64url')];
  });
  const hex = bytes.toString('hex');
  const utf16 = typeof text === 'string' ? [Buffer.from(text, 'utf16le')] : [];
  return [bytes, ...utf16, ...[hex, hex.toUpperCase(), ...base64].map((encoded) => Buffer.from(encoded))];
};
