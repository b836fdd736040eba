import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files below a folder that hold one of the texts, as UTF-8, UTF-16, hex or base64 at any offset. */
export async function filesHolding(folder: string, texts: readonly string[]): Promise<string[]> {
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

const forms = (text: string): Buffer[] => {
  const bytes = Buffer.from(text);
  const aligned = [0, 1, 2].map((skipped) =>
    bytes.subarray(skipped, bytes.length - ((bytes.length - skipped) % 3)).toString('base64'),
  );
  return [
    bytes,
    Buffer.from(text, 'utf16le'),
    Buffer.from(bytes.toString('hex')),
    ...aligned.map((form) => Buffer.from(form)),
  ];
};
