import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { namedPaths, walk } from './readReadme.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** The sources that a file imports, relative to the root; `@ums/<name>/` is the `src/` of that workspace. */
const importsOf = (file: string): string[] => {
  const specifiers = [...readFileSync(join(ROOT, file), 'utf8').matchAll(/from '([^']+)'/g)].map(
    (found) => found[1] ?? '',
  );
  return specifiers.map((specifier) => {
    if (specifier.startsWith('.'))
      return relative(ROOT, resolve(ROOT, dirname(file), specifier)).replace(/\.js$/, '.ts');
    const [, workspace = '', path = ''] = /^@ums\/([^/]+)\/(.+)$/.exec(specifier) ?? [];
    const folder = ['kit', 'identity', 'embedded'].includes(workspace) ? `infra/${workspace}` : workspace;
    return `${folder}/src/${path}.ts`;
  });
};

describe('the walk through a registration in the README', () => {
  const files = walk();

  it('names at most ten files, all of which exist', () => {
    expect(files.length).toBeGreaterThan(5);
    expect(files.length).toBeLessThanOrEqual(10);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('goes from file to file along imports', () => {
    const steps = files.slice(1).map((file, index) => [files[index] ?? '', file] as const);
    const jumps = steps.filter(([from, to]) => !importsOf(from).includes(to) && !importsOf(to).includes(from));
    expect(jumps).toEqual([]);
  });
});

describe('the paths that the README names', () => {
  it('exist', () => {
    const paths = namedPaths();
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
