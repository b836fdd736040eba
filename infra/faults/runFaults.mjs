import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { faultSuites } from './faultSuites.mjs';

/** Runs the fault suites one after another with full counts, which takes hours. Arguments select suites by parts of their paths. */
const ROOT = join(import.meta.dirname, '..', '..');
const TIMEOUT_MS = 6 * 3_600_000;

const words = process.argv.slice(2);
const suites = (await faultSuites(ROOT)).filter(
  (path) => words.length === 0 || words.some((word) => path.includes(word)),
);
if (suites.length === 0) {
  process.stderr.write('No fault suite has any of the given words in its path.\n');
  process.exit(1);
}
const rounds = process.env.FAULT_ROUNDS ?? 'full';
process.stdout.write(`${suites.length} suites, rounds: ${rounds}\n${suites.map((path) => `  ${path}\n`).join('')}`);
const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    jest,
    '--runInBand',
    '--verbose',
    `--testTimeout=${TIMEOUT_MS}`,
    '--runTestsByPath',
    ...suites,
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, FAULT_ROUNDS: rounds } },
);
process.exit(status ?? 1);
