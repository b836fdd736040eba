import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RepositoryFile, repositoryFiles } from './repositoryFiles.js';

/** The path of a URL is encoded: `%20` for a blank, and it ends at a `#`. */
const PATH_OF_URL = /import\.meta\.url\s*,?\s*\)\s*\.pathname/;
const LOADER = /typescript\.mjs/;

let programs: RepositoryFile[];
beforeAll(() => {
  programs = repositoryFiles(join(import.meta.dirname, '../..')).filter(({ path }) => /\.(ts|mjs)$/.test(path));
});
const matching = (expression: RegExp): string[] =>
  programs.filter(({ text }) => expression.test(text)).map(({ path }) => path);

/** The repository may be in a folder whose path has a blank, a `#` or a `%`. */
describe('paths of files', () => {
  it('are not taken from a URL without decoding it', () => {
    expect(PATH_OF_URL.test(`new URL('../a', ${'import.meta'}.url).pathname`)).toBe(true);
    expect(matching(PATH_OF_URL)).toEqual([]);
  });

  it('are no value of --import: one module names the loader of sources, by its URL', () => {
    expect(matching(LOADER)).toEqual(['infra/embedded/test/typescriptLoader.ts']);
  });
});
