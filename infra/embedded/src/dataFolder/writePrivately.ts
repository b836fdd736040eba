import { open, rename } from 'node:fs/promises';

/** Writes a file that only its owner may read, whole or not at all: a crash leaves the old content or the new. */
export async function writePrivately(path: string, content: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}
