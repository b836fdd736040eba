/**
 * Writes the query parameters of each operation of an OpenAPI document as a module, for the check of requests:
 * `node infra/openapi/queryParameters.mjs <document> <module>`
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Mail programs and trackers add parameters to links, so the operations that a link leads to, which have a page, accept any. */
const isPage = (method, { responses }) => method === 'get' && 'text/html' in (responses['200']?.content ?? {});

const parametersOf = ({ parameters = [] }) =>
  Object.fromEntries(
    parameters
      .filter((parameter) => parameter.in === 'query')
      .map(({ name, schema }) => [name, [schema.type].flat().includes('integer') ? 'integer' : 'string']),
  );

const [input, output] = process.argv.slice(2);
const { paths } = JSON.parse(await readFile(input, 'utf8'));
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method, operation]) => !isPage(method, operation))
    .map(([method, operation]) => [`${method} ${path}`, parametersOf(operation)]),
);
const table = JSON.stringify(Object.fromEntries(operations), null, 2);
await mkdir(dirname(output), { recursive: true });
await writeFile(
  output,
  `/** Generated from the OpenAPI document. */\nexport const QUERY_PARAMETERS: Readonly<Record<string, Readonly<Record<string, string>>>> = ${table};\n`,
);
