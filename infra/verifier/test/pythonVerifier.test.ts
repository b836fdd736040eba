import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { canonicalJson } from '@ums/contracts/proof/canonicalJson';
import { leafHash } from '@ums/contracts/proof/leaf';
import fc from 'fast-check';
import { proofVectors } from '../../../contracts/test/proofVectors.js';
import { treeHash } from './independentTree.js';
import { describeOnPython, runPython, VERIFY_PY } from './python.js';
import { sampleId } from './sampleLog.js';
import { signedReceipt } from './signedReceipt.js';
import { exportLines, historyProof, testLog, textOf } from './testLog.js';
import { testNotary } from './testNotary.js';

const log = testLog(500);
const proof = historyProof(log, sampleId(1, 20));
const root = treeHash(log.leaves).toString('hex');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-python-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the verifier in Python says of a text, and its exit code. */
const pythonOf = async (text: string, key = log.notary.publicKey): Promise<string> => {
  await writeFile(join(folder, 'given'), text);
  await writeFile(join(folder, 'key'), `${key}\n`);
  const { status, stdout, stderr } = runPython([VERIFY_PY, join(folder, 'given'), join(folder, 'key')]);
  return `${status} ${stdout.trim()}${stderr}`;
};

describeOnPython('a verifier that was written from the published format', () => {
  it('G-08 verifies an export and a history proof', async () => {
    expect(await pythonOf(textOf(exportLines(log)))).toBe(`0 ${log.notary.origin} 500 ${root} 500`);
    expect(await pythonOf(JSON.stringify(proof))).toBe(`0 ${log.notary.origin} 500 ${root} 4`);
  });

  it('G-08 finds what was changed, left out, and signed with another key', async () => {
    const lines = exportLines(log, { withLeaves: false });
    const changed = lines.map((line, at) => (at === 300 ? line.replace('"user"]', '"admin"]') : line));
    expect(await pythonOf(textOf(changed))).toBe('1 Fault: the events are not those of the checkpoint');
    expect(await pythonOf(textOf(lines.slice(0, -1)))).toBe('1 Fault: the events are not those of the checkpoint');
    expect(await pythonOf(textOf(lines.toSpliced(300, 1)))).toBe('1 Fault: leaf 299 is missing');
    const other = JSON.stringify(proof).replace('"user"]', '"admin"]');
    expect(await pythonOf(other)).toMatch(/^1 Fault: event \S+ is not in the tree$/);
    const { publicKey } = testNotary(log.notary.origin);
    expect(await pythonOf(JSON.stringify(proof), publicKey)).toBe('1 Fault: no key has signed the note');
    const [first, second, ...rest] = proof.events;
    const swapped = JSON.stringify({ ...proof, events: [second, first, ...rest] });
    expect(await pythonOf(swapped)).toBe(
      `1 Fault: event ${first?.event.id} at position ${first?.position} is listed out of order`,
    );
    const noted = proof.checkpoint.replace('\n500\n', '\n501\n');
    expect(await pythonOf(JSON.stringify({ ...proof, checkpoint: noted }))).toContain('no key has signed');
  });

  it('G-11 verifies the receipt of an erasure, and finds a change', async () => {
    const receipt = signedReceipt(log.notary);
    expect(await pythonOf(JSON.stringify(receipt))).toBe(`0 ${log.notary.origin} ${receipt.receipt} False`);
    const forged = JSON.stringify({ ...receipt, complete: true });
    expect(await pythonOf(forged)).toBe('1 Fault: the receipt is not what was signed');
  });

  it('G-07 hashes the published leaves, and writes every value as this repository does', () => {
    const events = proofVectors().leaves.map(({ event }) => event);
    const doubles = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 2_000);
    const values = fc.sample(fc.jsonValue({ stringUnit: 'binary' }), 300);
    const program = [
      'import sys, verify',
      'for line in sys.stdin: print(verify.canonical(verify.parse(line)))',
      'print(*(verify.leaf_of(verify.parse(line)).hex() for line in sys.argv[1:]))',
    ].join('\n');
    const given = [...events, ...doubles, ...values];
    const input = given.map((value) => `${JSON.stringify(value)}\n`).join('');
    const { stdout, stderr } = runPython(['-c', program, ...events.map((event) => JSON.stringify(event))], input);
    expect(stderr).toBe('');
    const written = stdout.trimEnd().split('\n');
    expect(written.pop()).toBe(events.map((event) => leafHash(event).toString('hex')).join(' '));
    expect(written).toEqual(given.map(canonicalJson));
  });
});
