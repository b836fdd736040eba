import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Paths of the files below a folder that contain one of the texts or byte strings, plain or encoded as UTF-16, hex, or base64 at any offset. */
export const filesContaining = async (folder: string, texts: readonly (string | Buffer)[]): Promise<string[]> => {
  const found: string[] = [];
  for await (const path of findFiles(folder, texts)) found.push(path);
  return found;
};

/** Like {@link filesContaining}, but ends at the first of them. */
export const anyFileContains = async (folder: string, texts: readonly (string | Buffer)[]): Promise<boolean> => {
  for await (const _path of findFiles(folder, texts)) return true;
  return false;
};

async function* findFiles(folder: string, texts: readonly (string | Buffer)[]): AsyncGenerator<string> {
  const needles = texts.flatMap(encodings);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // The file may be deleted after it was listed.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    if (needles.some((needle) => content.includes(needle))) yield path;
  }
}

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
