import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { lockedPackages } from './lockedPackages.js';

const repositoryWith = async (packages: object, manifests: Record<string, string> = {}): Promise<string> => {
  const root = await temporaryFolder('ums-lock-');
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  for (const [path, text] of Object.entries(manifests)) {
    await mkdir(join(root, path), { recursive: true });
    await writeFile(join(root, path, 'package.json'), text);
  }
  return root;
};

describe('lockedPackages', () => {
  it('lists the packages of others with name, version and licence', async () => {
    const root = await repositoryWith({
      '': { license: 'MIT' },
      'infra/own': { version: '1.0.0' },
      'node_modules/@ums/own': { link: true },
      'node_modules/a/node_modules/@b/c': { version: '1.2.3', license: 'ISC' },
      'node_modules/alias': { name: 'real', version: '2.0.0', license: 'MIT' },
    });
    expect(await lockedPackages(root)).toEqual([
      { path: 'node_modules/a/node_modules/@b/c', name: '@b/c', version: '1.2.3', licence: 'ISC' },
      { path: 'node_modules/alias', name: 'real', version: '2.0.0', licence: 'MIT' },
    ]);
  });

  it('reads the licences of old manifests', async () => {
    const old = { 'node_modules/old': {}, 'node_modules/none': {}, 'node_modules/elsewhere': {} };
    const root = await repositoryWith(old, {
      'node_modules/old': '{"licenses":[{"type":"MIT"},{"type":"GPL-2.0-only"}]}',
      'node_modules/none': '{}',
    });
    const licences = (await lockedPackages(root)).map(({ licence }) => licence);
    expect(licences).toEqual(['MIT OR GPL-2.0-only', undefined, undefined]);
  });

  it('fails for a manifest that cannot be read', async () => {
    const root = await repositoryWith({ 'node_modules/a': {} }, { 'node_modules/a': '{' });
    await expect(lockedPackages(root)).rejects.toThrow(SyntaxError);
  });
});
