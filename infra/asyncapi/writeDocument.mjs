/**
 * Writes the AsyncAPI document and the TypeScript types from the compiled topics, the schemas and the samples:
 * `node infra/asyncapi/writeDocument.mjs`
 */
import { writeFile } from 'node:fs/promises';
import { PUBLIC_TOPICS } from '../../contracts/dist/kafka/topics.js';
import { asyncApiDocument } from './asyncApiDocument.mjs';
import { DOCUMENT, readContractParts, readJson, TYPES } from './contractFiles.mjs';
import { schemaTypes } from './schemaTypes.mjs';

const { license } = await readJson(new URL('../../package.json', import.meta.url));
const parts = await readContractParts();
const document = asyncApiDocument({ topics: PUBLIC_TOPICS, license, ...parts });
await writeFile(DOCUMENT, `${JSON.stringify(document, null, 2)}\n`);
await writeFile(TYPES, schemaTypes(parts));
