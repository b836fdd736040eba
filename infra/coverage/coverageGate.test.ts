import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
let folder: string;

/** Runs jest with the gate in a temporary project. @returns exit code and lines of standard output. */
const run = async (test: string, ...options: string[]): Promise<{ code: number; lines: string[] }> => {
  await writeFile(join(folder, 'package.json'), '{}');
  await writeFile(
    join(folder, 'sum.js'),
    'exports.sum = (a, b) => {\n  return a + b;\n};\nexports.unused = () => {\n  return 1;\n};\n',
  );
  await writeFile(join(folder, 'sum.test.js'), test);
  await mkdir(join(folder, 'tmp'));
  const config = JSON.stringify({
    rootDir: folder,
    collectCoverageFrom: ['sum.js'],
    coverageReporters: ['text-summary'],
  });
  const gate = join(import.meta.dirname, 'coverageGate.mjs');
  const command = [
    join(root, 'node_modules/jest/bin/jest.js'),
    '--config',
    config,
    '--reporters',
    'default',
    '--reporters',
    gate,
  ];
  const env = { PATH: process.env.PATH ?? '', TMPDIR: join(folder, 'tmp') };
  const finished = promisify(execFile)(process.execPath, [...command, ...options], { cwd: folder, env });
  const { code, stdout } = await finished.then(
    (output) => ({ code: 0, stdout: output.stdout }),
    (error: { code: number; stdout: string }) => error,
  );
  return { code, lines: stdout.trimEnd().split('\n') };
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-gate-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const passing = "const { sum } = require('./sum.js'); it('adds', () => expect(sum(1, 2)).toBe(3));";
const passingBoth = `${passing} it('runs all', () => expect(require('./sum.js').unused()).toBe(1));`;

describe('CoverageGate', () => {
  it('prints only the counts on the last line', async () => {
    const { code, lines } = await run(passingBoth, '--coverage');
    expect([code, lines.at(-1)]).toEqual([0, '2 passed, 0 failed']);
  });

  it('fails a run whose tests pass but cover too little', async () => {
    const { code, lines } = await run(passing, '--coverage');
    expect([code, lines.at(-1)]).toEqual([1, '1 passed, 1 failed']);
    expect(lines.at(-2)).toMatch(/^coverage: all files: 75\.0 % of the lines covered/);
  });

  it('counts failed tests and suites that cannot run', async () => {
    const failing = await run(`${passingBoth} it('fails', () => expect(1).toBe(2));`, '--coverage');
    expect([failing.code, failing.lines.at(-1)]).toEqual([1, '2 passed, 1 failed']);
    await rm(join(folder, 'tmp'), { recursive: true });
    const broken = await run('this is no test', '--coverage=false');
    expect([broken.code, broken.lines.at(-1)]).toEqual([1, '0 passed, 1 failed']);
  });
});
