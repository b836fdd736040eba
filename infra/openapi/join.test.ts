import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const program = join(import.meta.dirname, 'join.mjs');
let folder: string;

const document = (path: string, status: string) => ({
  openapi: '3.0.0',
  paths: { [path]: { get: { operationId: path.slice(1), responses: { [status]: { description: 'Ok' } } } } },
  components: { schemas: { Problem: { type: 'object' } } },
});

const runJoin = async (...documents: unknown[]) => {
  const inputs = documents.map((_document, index) => join(folder, `${index}.json`));
  await Promise.all(inputs.map((path, index) => writeFile(path, JSON.stringify(documents[index]))));
  const output = join(folder, 'joined', 'openapi.json');
  await promisify(execFile)(process.execPath, [program, ...inputs, output]);
  return JSON.parse(await readFile(output, 'utf8'));
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-openapi-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('join', () => {
  it('writes the joined document to the given path', async () => {
    const joined = await runJoin(document('/user', '200'), document('/users', '200'));
    expect(Object.keys(joined.paths)).toEqual(['/user', '/users']);
    expect(joined).toMatchObject({ servers: [{ url: '/api/v1' }], info: { license: { identifier: 'MIT' } } });
  });

  it('exits with code 1 if the joined document is not valid', async () => {
    await expect(runJoin(document('/user', 'fine'))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The joined OpenAPI document is not valid'),
    });
  });
});
