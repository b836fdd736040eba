import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { installGoProgram } from '@ums/engines/install/installGoProgram';
import { temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { ENGINE_START_TIMEOUT_MS } from '../../../engines/test/engineForTests.js';
import { describeOnGo } from '../../test/describeOnGo.js';
import { workflowPaths } from '../../test/repositoryWorkflows.js';
import { ROOT } from '../root.js';
import { ACTIONLINT } from './goTools.js';

describeOnGo(ACTIONLINT, 'actionlint', () => {
  let program: string;
  beforeAll(async () => {
    program = await installGoProgram(ACTIONLINT);
  }, ENGINE_START_TIMEOUT_MS);

  const lint = (folder: string, paths: readonly string[]) =>
    new Promise<{ failed: boolean; stdout: string }>((resolve) => {
      const args = ['-shellcheck=', '-pyflakes=', ...paths];
      execFile(program, args, { cwd: folder }, (error, stdout) => resolve({ failed: error !== null, stdout }));
    });

  it('has nothing to object to in the workflows of this repository', async () => {
    expect(workflowPaths.length).toBe(10);
    expect(await lint(ROOT, workflowPaths)).toEqual({ failed: false, stdout: '' });
  });

  it('objects to a workflow with a job that needs one that does not exist', async () => {
    const folder = await temporaryFolder('ums-actionlint-');
    const path = '.github/workflows/wrong.yml';
    await mkdir(join(folder, '.github/workflows'), { recursive: true });
    const job = 'jobs: { a: { needs: b, runs-on: ubuntu-24.04, steps: [{ run: "true" }] } }';
    await writeFile(join(folder, path), `on: push\n${job}\n`);
    const { failed, stdout } = await lint(folder, [path]);
    expect([failed, stdout]).toEqual([true, expect.stringContaining('needs job "b" which does not exist')]);
  });
});
