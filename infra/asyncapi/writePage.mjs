/**
 * Writes the page that the host serves at `/asyncapi/`: `node infra/asyncapi/writePage.mjs <AsyncAPI document> <page>`
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readJson } from './contractFiles.mjs';
import { contractPage } from './contractPage.mjs';

const [document, page] = process.argv.slice(2);
await mkdir(dirname(page), { recursive: true });
await writeFile(page, contractPage(await readJson(document)));
