import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../../engines/test/atEndOfFile.js';
import { runScript } from './runScript.js';

const run = (script: string, folder: string) =>
  runScript({ run: script, folder, env: { ...process.env, WORD: 'word' } });

describe('runScript', () => {
  it('runs a script in its folder with its variables', async () => {
    const folder = await temporaryFolder('ums-script-');
    expect(await run('printf "$WORD" > written', folder)).toBe(0);
    expect(readFileSync(join(folder, 'written'), 'utf8')).toBe('word');
  });

  it.each([
    ['a command', 'exit 3', 3],
    ['an earlier command', 'false\ntrue', 1],
    ['a part of a pipeline', '(exit 4) | cat', 4],
    ['a signal', 'kill -9 $$', 1],
  ])('reports that %s has failed', async (_what, script, code) => {
    expect(await run(script, await temporaryFolder('ums-script-'))).toBe(code);
  });

  it('fails where there is no bash', async () => {
    await expect(runScript({ run: 'true', folder: '.', env: { PATH: '/nowhere' } })).rejects.toThrow('ENOENT');
  });
});
