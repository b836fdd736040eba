import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const PUBLIC = join(import.meta.dirname, '../../contracts/public');

/** The document of the public topics. Written by `writeDocument.mjs`, and served at `/asyncapi.json`. */
export const DOCUMENT = join(PUBLIC, 'asyncapi.json');

/** The document as it was last released: what consumers rely on. */
export const RELEASED = join(PUBLIC, 'released/asyncapi.json');

/** Types of the messages, made from the schemas. */
export const TYPES = join(PUBLIC, 'messages.d.ts');

const HEADERS = 'headers.v1';
const CHECKPOINT_HEADERS = 'headers.checkpoint.v1';

export const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'));

/** All files of a folder by name without extension. */
const readFolder = async (folder) => {
  const files = (await readdir(join(PUBLIC, folder))).sort();
  const contents = files.map(async (file) => [basename(file, '.json'), await readJson(join(PUBLIC, folder, file))]);
  return Object.fromEntries(await Promise.all(contents));
};

/** Schemas and samples of all messages, by message type, and the schemas of their headers. */
export const readContractParts = async () => {
  const { [HEADERS]: headers, [CHECKPOINT_HEADERS]: checkpointHeaders, ...schemas } = await readFolder('schemas');
  return { schemas, headers, checkpointHeaders, samples: await readFolder('samples') };
};
