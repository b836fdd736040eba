import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { installGoProgram } from '@ums/engines/install/installGoProgram';
import { temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { ENGINE_START_TIMEOUT_MS } from '../../../engines/test/engineForTests.js';
import { describeOnGo } from '../../test/describeOnGo.js';
import { ROOT } from '../root.js';
import { GITLEAKS } from './goTools.js';

const SCAN_TIMEOUT_MS = 300_000;

describeOnGo(GITLEAKS, 'gitleaks', () => {
  let program: string;
  beforeAll(async () => {
    program = await installGoProgram(GITLEAKS);
  }, ENGINE_START_TIMEOUT_MS);

  const scan = (folder: string) =>
    new Promise<{ failed: boolean; found: string }>((resolve) => {
      const args = ['git', '--no-banner', '--no-color', '--redact', '--config', join(ROOT, '.gitleaks.toml'), folder];
      execFile(program, args, (error, _stdout, stderr) =>
        resolve({ failed: error !== null, found: /leaks found: \d+|no leaks found/.exec(stderr)?.[0] ?? stderr }),
      );
    });

  it('finds a secret that a later commit has removed, but none in what is allowed', async () => {
    const folder = await temporaryFolder('ums-gitleaks-');
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: folder });
    const commit = async (text: string) => {
      await writeFile(join(folder, 'settings.ts'), text);
      git('add', '-A');
      git('commit', '-q', '-m', 'chore: go on');
    };
    git('init', '-q');
    await commit('export const example = 1;\n');
    expect(await scan(folder)).toEqual({ failed: false, found: 'no leaks found' });
    // Put together here, so that it is not in this file.
    const parts = ['ghp', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'];
    await commit(`export const token = '${parts.join('_')}';\n`);
    await commit('export const example = 2;\n');
    expect(await scan(folder)).toEqual({ failed: true, found: 'leaks found: 1' });
  });

  // The sources of a release have no history.
  const isRepository = existsSync(join(ROOT, '.git'));
  const itInRepository = isRepository ? it : it.skip;

  itInRepository(
    `finds no secret in the files and the history of this repository${isRepository ? '' : ' (skipped: not a repository)'}`,
    async () => {
      expect(await scan(ROOT)).toEqual({ failed: false, found: 'no leaks found' });
    },
    SCAN_TIMEOUT_MS,
  );
});
