import { type StdioOptions, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TYPESCRIPT_LOADER } from '../../embedded/test/typescriptLoader.js';
import { sampleId } from '../test/sampleLog.js';
import { signedReceipt } from '../test/signedReceipt.js';
import { exportLines, historyProof, testLog, textOf } from '../test/testLog.js';
import { runVerify } from './runVerify.js';
import { verifyCommand } from './verifyCommand.js';

const log = testLog(60);
const proof = historyProof(log, sampleId(1, 2));
const FILES = {
  'export.ndjson': textOf(exportLines(log)),
  'changed.ndjson': textOf(exportLines(log))
    .replace('"admin"', '"user"')
    .replace('"roles":["user"]', '"roles":["admin"]'),
  'headless.ndjson': textOf(exportLines(log)).replace('ums-log-export', 'ums-log_export'),
  'proof.json': JSON.stringify(proof),
  'readable.json': `${JSON.stringify(proof, null, 2)}\n`,
  'receipt.json': JSON.stringify(signedReceipt(log.notary)),
  'forged.json': JSON.stringify({ ...signedReceipt(log.notary), complete: true }),
  'other.json': '{"format":"another"}',
  'notary.pub': `${log.notary.publicKey}\n`,
  checkpoints: `${log.checkpoint(10)}\n${log.checkpoint(40)}\n${log.notary.origin}\n50\n`,
  latest: log.checkpoint(),
};

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-verify-'));
  for (const [name, text] of Object.entries(FILES)) await writeFile(at(name), text);
  await writeFile(at('large.bin'), '');
  await truncate(at('large.bin'), 300 * 1_024 * 1_024);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PROGRAM = ['--import', TYPESCRIPT_LOADER, join(import.meta.dirname, 'main.ts')];

const writer = (write: (text: string) => void) => ({ write });

/** Runs the command in this process. @returns exit code and what it printed */
const run = async (...args: string[]): Promise<{ exitCode: unknown; out: string; err: string }> => {
  const printed = { out: '', err: '' };
  const terminal = {
    stdout: writer((text) => {
      printed.out += text;
    }),
    stderr: writer((text) => {
      printed.err += text;
    }),
    exitCode: 0 as number | string | null | undefined,
  };
  await runVerify(() => verifyCommand(args), terminal);
  return { exitCode: terminal.exitCode, ...printed };
};

describe('npm run verify', () => {
  it('G-08 exits with 0 and one line for an export and for a history proof, with checkpoints from several files', async () => {
    const trusted = ['--key', at('notary.pub'), '--checkpoint', at('checkpoints'), '--checkpoint', at('latest')];
    for (const [name, said] of [
      ['export.ndjson', /^Verified: the whole log .* 60 events, .* with 3 checkpoints from outside\.\n$/],
      ['proof.json', /^Verified: 4 events of user .* \(1 of 3 checkpoints from outside are of this size\)\.\n$/],
      ['readable.json', /^Verified: 4 events of user /],
    ] as const)
      expect(await run(at(name), ...trusted)).toEqual({ exitCode: 0, out: expect.stringMatching(said), err: '' });
  });

  it('G-11 exits with 0 and one line for the receipt of an erasure, and takes no checkpoint for it', async () => {
    const said = expect.stringMatching(/^Verified: the receipt \S+ of an erasure, .*\n$/);
    expect(await run(at('receipt.json'), '--key', at('notary.pub'))).toEqual({ exitCode: 0, out: said, err: '' });
    const { exitCode, err } = await run(at('receipt.json'), '--key', at('notary.pub'), '--checkpoint', at('latest'));
    expect([exitCode, err]).toEqual([2, 'A receipt is verified without checkpoints: it is not part of the log.\n']);
  });

  it.each([
    ['forged.json', /^The receipt was changed: it is not what the notary has signed\.\n$/],
    [
      'changed.ndjson',
      /^Event \S+ at position \d+ \(leaf \d+, .*\) was changed: it is not what its leaf was made of\.\n$/,
    ],
    ['headless.ndjson', /^The file is no JSON\.\n$/],
    ['other.json', /^The history proof has no checkpoint\.\n$/],
    ['notary.pub', /^The file is no JSON\.\n$/],
    ['large.bin', /^The file is no log export, and too large for a history proof\.\n$/],
  ])('G-08 exits with 1 and one line for %s', async (name, said) => {
    expect(await run(at(name), '--key', at('notary.pub'))).toEqual({
      ...{ exitCode: 1, out: '', err: expect.stringMatching(said) },
    });
  });

  it('exits with 1 for a checkpoint file without checkpoints', async () => {
    const { exitCode, err } = await run(at('proof.json'), '--key', at('notary.pub'), '--checkpoint', at('other.json'));
    expect([exitCode, err]).toEqual([
      1,
      `The checkpoint file ${JSON.stringify(at('other.json'))} holds no signed checkpoint.\n`,
    ]);
  });

  it('exits with 2 and one line for files that it cannot use', async () => {
    const missing = `The file ${JSON.stringify(at('missing'))} cannot be read (ENOENT).\n`;
    for (const args of [
      [at('missing'), '--key', at('notary.pub')],
      [at('proof.json'), '--key', at('missing')],
      [at('proof.json'), '--key', at('notary.pub'), '--checkpoint', at('missing')],
    ])
      expect(await run(...args)).toEqual({ exitCode: 2, out: '', err: missing });
    expect((await run(folder, '--key', at('notary.pub'))).err).toContain('cannot be read (EISDIR)');
    const { exitCode, err } = await run(at('proof.json'), '--key', at('proof.json'));
    expect([exitCode, err]).toEqual([2, 'Line 1 of the key file is no public key of the form <name>+<hash>+<key>.\n']);
  });

  it.each([
    [[]],
    [['proof.json']],
    [['--key', 'notary.pub']],
    [['a', 'b', '--key', 'notary.pub']],
    [['a', '--key', 'one', '--key', 'two']],
    [['a', '--key']],
    [['a', '--keys', 'notary.pub']],
  ])('exits with 2 and the usage for the arguments %j', async (args) => {
    const { exitCode, err } = await run(...args);
    expect([exitCode, err]).toEqual([2, expect.stringMatching(/^Usage: npm run -s verify -- <.*\n$/)]);
  });

  it.each([
    [new TypeError('canary'), 'TypeError'],
    ['canary', 'unknown error'],
  ])('L-02 shows only the name of an unexpected error', async (error, name) => {
    let printed = '';
    const terminal = {
      stdout: { write: () => 0 },
      stderr: writer((text) => {
        printed += text;
      }),
      exitCode: 0,
    };
    await runVerify(() => Promise.reject(error), terminal);
    expect([terminal.exitCode, printed]).toEqual([2, `The verifier failed (${name}).\n`]);
  });

  it('is a program', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...PROGRAM, at('proof.json'), '--key', at('notary.pub')],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Verified: .*\n$/);
  });

  it('ends with 2 when the result cannot be written, and with 1 for a fault', () => {
    const full = openSync('/dev/full', 'w');
    const statusOf = (file: string, stdio: StdioOptions) =>
      spawnSync(process.execPath, [...PROGRAM, at(file), '--key', at('notary.pub')], { stdio }).status;
    expect(statusOf('proof.json', ['ignore', full, 'pipe'])).toBe(2);
    expect(statusOf('forged.json', ['ignore', full, full])).toBe(1);
    closeSync(full);
  });
});
