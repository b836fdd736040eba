import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { announceOnce } from '../../engines/test/announceOnce.js';

const hasPython = (): boolean => spawnSync('python3', ['--version']).status === 0;

/** `describe` for tests that run Python. Where there is none they are skipped, and the run says so; with REQUIRE_ENGINES=1 they fail. */
export const describeOnPython = (title: string, tests: () => void): void => {
  if (hasPython() || process.env.REQUIRE_ENGINES === '1') {
    describe(title, tests);
    return;
  }
  const reason = 'Tests are skipped. The program python3 is not installed.';
  announceOnce(reason);
  describe.skip(`${title} (skipped: ${reason})`, tests);
};

/** Runs `verify.py`, or a program that imports it as `verify`. */
export const runPython = (
  args: readonly string[],
  input = '',
): { status: number | null; stdout: string; stderr: string } => {
  const env = {
    ...process.env,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONIOENCODING: 'utf-8',
    PYTHONPATH: import.meta.dirname,
  };
  const { status, stdout, stderr } = spawnSync('python3', [...args], { encoding: 'utf8', env, input });
  return { status, stdout, stderr };
};

export const VERIFY_PY = join(import.meta.dirname, 'verify.py');
