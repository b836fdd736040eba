import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '@ums/kit/env';

/**
 * What this machine knows of the names in expressions: those of a push of the current commit, as the tag of its version.
 * Variables of GitHub's environments, such as `vars.PUBLIC_URL`, have the values of variables of the shell.
 */
export const localContexts = async (
  root: string,
  env: Environment = process.env,
): Promise<Readonly<Record<string, string>>> => {
  const head = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const variables = Object.entries(env).map(([name, value = '']) => [`vars.${name}`, value] as const);
  return {
    ...Object.fromEntries(variables),
    'github.event_name': 'push',
    'github.ref_name': `v${version}`,
    // Unknown in the sources of a release, which are no repository.
    ...(head.status === 0 ? { 'github.sha': head.stdout.trim() } : {}),
    // The packages that this program itself runs on are installed.
    'steps.packages.outputs.cache-hit': 'true',
  };
};
