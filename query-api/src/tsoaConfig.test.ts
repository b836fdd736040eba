import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

it('Z-03 configures tsoa to refuse undeclared fields and never to coerce types', async () => {
  const config = JSON.parse(await readFile(join(import.meta.dirname, '../tsoa.json'), 'utf8'));
  expect(config.noImplicitAdditionalProperties).toBe('throw-on-extras');
  expect(config.routes.bodyCoercion).toBe(false);
});
