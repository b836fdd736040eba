import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { localContexts } from './localContexts.js';

const folderOf = async (version: string): Promise<string> => {
  const folder = await temporaryFolder('ums-contexts-');
  await writeFile(join(folder, 'package.json'), JSON.stringify({ version }));
  return folder;
};

describe('localContexts', () => {
  it('is a push of the current commit, as the tag of its version', async () => {
    const root = await folderOf('1.2.3');
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
    git('init', '-q');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-q', '--allow-empty', '-m', 'chore: start');
    expect(await localContexts(root, { REGION: 'here' })).toEqual({
      'github.event_name': 'push',
      'github.ref_name': 'v1.2.3',
      'github.sha': git('rev-parse', 'HEAD').trim(),
      'steps.packages.outputs.cache-hit': 'true',
      'vars.REGION': 'here',
    });
  });

  it('knows no commit where there is no repository', async () => {
    expect(await localContexts(await folderOf('1.2.3'), {})).not.toHaveProperty(['github.sha']);
  });
});
