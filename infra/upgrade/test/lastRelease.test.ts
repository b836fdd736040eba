import { execFileSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../engines/test/atEndOfFile.js';
import { lastRelease } from './lastRelease.js';

let root: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: root });
const commit = () => git('commit', '-q', '--allow-empty', '-m', 'chore: go on');
beforeEach(async () => {
  root = await temporaryFolder('ums-tags-');
  git('init', '-q');
  commit();
});

describe('lastRelease', () => {
  it('is the last tag of a version before the current commit', () => {
    git('tag', 'v1.0.0');
    commit();
    git('tag', 'other');
    expect(lastRelease(root, {})).toBe('v1.0.0');
    git('tag', 'v2.0.0');
    expect(lastRelease(root, {})).toBe('v1.0.0');
    commit();
    expect(lastRelease(root, {})).toBe('v2.0.0');
  });

  it('is nothing before the first release, and the commit that is asked for', () => {
    expect(lastRelease(root, {})).toBeUndefined();
    commit();
    expect(lastRelease(root, {})).toBeUndefined();
    expect(lastRelease(root, { UPGRADE_FROM: 'HEAD' })).toBe('HEAD');
  });
});
