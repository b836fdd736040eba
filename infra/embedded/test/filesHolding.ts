import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files below a folder that hold one of the texts or byte strings: as they are, in UTF-16, hex or base64 at any offset. */
export async function filesHolding(folder: string, texts: readonly (string | Buffer)[]): Promise<string[]> {
  const needles = texts.flatMap(forms);
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // A file may be deleted between its listing and its reading.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    if (needles.some((needle) => content.includes(needle))) found.push(path);
  }
  return found;
}

const forms = (text: string | Buffer): Buffer[] => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const encoded = [0, 1, 2].flatMap((skipped) => {
    const whole = bytes.subarray(skipped, bytes.length - ((bytes.length - skipped) % 3));
    return [whole.toString('base64'), whole.toString('base64url')];
  });
  const hex = bytes.toString('hex');
  const wide = typeof text === 'string' ? [Buffer.from(text, 'utf16le')] : [];
  return [bytes, ...wide, ...[hex, hex.toUpperCase(), ...encoded].map((form) => Buffer.from(form))];
};
