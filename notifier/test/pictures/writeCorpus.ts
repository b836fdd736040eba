import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resizePicture } from '../../src/picture-processing/resizePicture.js';
import { CORPUS } from './corpus.js';

/** Writes the files of the corpus, and the largest square of each that is processed, to a folder, to be looked at. */
const [folder = '', wanted = ''] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
for (const { name, make } of CORPUS.filter((file) => file.name.includes(wanted))) {
  const bytes = await make();
  await writeFile(join(folder, name), bytes);
  const outcome = await resizePicture(bytes);
  process.stdout.write(`${name}: ${outcome.kind === 'processed' ? outcome.kind : outcome.reason}\n`);
  if (outcome.kind === 'processed') await writeFile(join(folder, `${name}.512.webp`), outcome.squares[512]);
}
