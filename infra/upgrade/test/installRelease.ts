import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from '../../engines/test/atEndOfFile.js';

/** Checks a release out into a new folder, and installs and builds it there as its readme says. @returns the folder */
export const installRelease = async (root: string, release: string): Promise<string> => {
  const folder = await temporaryFolder('ums-last-release-');
  const archive = join(folder, 'release.tar');
  execFileSync('git', ['archive', `--output=${archive}`, release], { cwd: root });
  execFileSync('tar', ['-xf', archive], { cwd: folder });
  // Not the settings of the run of npm that started the tests.
  const { PATH, HOME } = process.env;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    env: { PATH, HOME, CI: 'true' },
    stdio: 'pipe',
  });
  return folder;
};
