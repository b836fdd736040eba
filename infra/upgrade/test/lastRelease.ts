import { spawnSync } from 'node:child_process';

/**
 * The tag of the last release before the current commit, or the commit that UPGRADE_FROM names; undefined where no release was
 * made yet, the tags were not fetched, or there is no repository.
 */
export const lastRelease = (root: string, { UPGRADE_FROM } = process.env): string | undefined => {
  if (UPGRADE_FROM) return UPGRADE_FROM;
  const args = ['describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD^'];
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};
