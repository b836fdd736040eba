import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';

const root = join(import.meta.dirname, '..', '..', '..');
const inInfra = new Set(['kit', 'identity', 'embedded', 'commands', 'engines', 'verifier', 'aws']);

/** Maps `@ums/<package>/<path>` and relative `./x.js` to TypeScript sources; Node resolves everything else. */
export const resolve = async (specifier, context, next) => {
  const [, name, path] = /^@ums\/([^/]+)\/(.+)$/.exec(specifier) ?? [];
  if (name) {
    const file = join(root, inInfra.has(name) ? 'infra' : '', name, 'src', `${path}.ts`);
    return { url: pathToFileURL(file).href, shortCircuit: true };
  }
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(fileURLToPath(url))) return { url: url.href, shortCircuit: true };
  }
  return next(specifier, context);
};

export const load = async (url, context, next) => {
  if (!url.endsWith('.ts')) return next(url, context);
  const { code } = await transform(await readFile(fileURLToPath(url), 'utf8'), {
    filename: fileURLToPath(url),
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true },
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
};
