/**
 * Writes the types of the API, as a client of others generates them:
 * `node infra/openapi/writeTypes.mjs <joined document> <declaration file>`
 */
import { readFile, writeFile } from 'node:fs/promises';
import openapiTypes, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const [input, output] = process.argv.slice(2);
const document = JSON.parse(await readFile(input, 'utf8'));
const BLOB = ts.factory.createTypeReferenceNode('Blob');
// The generator takes a file for text without this, which its documentation recommends.
const transform = ({ format }) => (format === 'binary' ? BLOB : undefined);
await writeFile(output, astToString(await openapiTypes(document, { transform })));
