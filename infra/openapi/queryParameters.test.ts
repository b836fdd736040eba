import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-query-parameters-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const responding = (...types: string[]) => ({
  200: { content: Object.fromEntries(types.map((type) => [type, {}])) },
});

describe('queryParameters', () => {
  it('writes the query parameters of each operation but those that show a page behind a link', async () => {
    const parameters = [
      { in: 'query', name: 'limit', schema: { type: 'integer' } },
      { in: 'query', name: 'after', schema: { type: ['string', 'null'] } },
      { in: 'query', name: 'status', schema: { $ref: '#/components/schemas/Status' } },
      { in: 'header', name: 'If-Match', schema: { type: 'string' } },
    ];
    const paths = {
      '/users': { get: { parameters, responses: responding('application/json') }, post: { responses: { 204: {} } } },
      '/confirm': {
        get: { parameters, responses: responding('text/html') },
        post: { responses: responding('text/html') },
      },
      '/receipt': { get: { responses: responding('application/json', 'text/html') } },
    };
    const [document, output] = [join(folder, 'openapi.json'), join(folder, 'made', 'queryParameters.ts')];
    await writeFile(document, JSON.stringify({ paths }));
    const program = join(import.meta.dirname, 'queryParameters.mjs');
    await promisify(execFile)(process.execPath, [program, document, output]);
    const [, table = ''] = (await readFile(output, 'utf8')).split(' = ');
    expect(JSON.parse(table.replace(/;\n$/, ''))).toEqual({
      'get /users': { limit: 'integer', after: 'string', status: 'string' },
      'post /users': {},
      'post /confirm': {},
    });
  });
});
