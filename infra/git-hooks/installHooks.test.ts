import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../engines/test/atEndOfFile.js';

const SCRIPT = join(import.meta.dirname, 'installHooks.mjs');

/** Runs the script in a checkout. @param lefthook the program of that name, `undefined` for none */
const install = async (lefthook: string | undefined, env: Record<string, string> = {}) => {
  const folder = await temporaryFolder('ums-hooks-');
  await mkdir(join(folder, '.git'));
  await mkdir(join(folder, 'node_modules', 'typescript'), { recursive: true });
  await mkdir(join(folder, 'bin'));
  if (lefthook !== undefined) {
    await writeFile(join(folder, 'bin', 'lefthook'), `#!/bin/sh\n${lefthook}\n`);
    await chmod(join(folder, 'bin', 'lefthook'), 0o755);
  }
  const options = { cwd: folder, env: { PATH: join(folder, 'bin'), ...env } };
  const { stderr } = await promisify(execFile)(process.execPath, [SCRIPT], options);
  return { stderr, called: await readFile(join(folder, 'called'), 'utf8').catch(() => undefined) };
};

it('installs the hooks in a checkout, but not in CI', async () => {
  expect(await install('echo "$@" > called')).toEqual({ stderr: '', called: 'install\n' });
  expect(await install('echo "$@" > called', { CI: 'true' })).toEqual({ stderr: '', called: undefined });
});

it('installs the hooks of this checkout, whatever repository the shell names', async () => {
  const { called } = await install('echo "$GIT_DIR$GIT_WORK_TREE$GIT_CONFIG_COUNT" > called', {
    ...{ GIT_DIR: '/other/.git', GIT_WORK_TREE: '/other', GIT_CONFIG_COUNT: '0' },
  });
  expect(called).toBe('\n');
});

it.each([
  ['refuses the settings of git', 'echo "Reset core.hooksPath" >&2; exit 1'],
  ['is not there', undefined],
])('lets the build go on, and says so, when lefthook %s', async (_, lefthook) => {
  const { stderr } = await install(lefthook);
  expect(stderr).toBe('The git hooks are not installed. Only contributors need them: npx lefthook install says why.\n');
});
