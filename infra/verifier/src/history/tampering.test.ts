import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultRounds } from '../../../kit/test/faultRounds.js';
import { bytesOf, type ExportFile, exportLine, headerLine, type Piece, writeExport } from '../../test/exportFile.js';
import { leafOfEvent, treeHash } from '../../test/independentTree.js';
import { type SampleEntry, sampleLog } from '../../test/sampleLog.js';
import { exportLines, testLog, textOf } from '../../test/testLog.js';
import { testNotary } from '../../test/testNotary.js';
import { outcomeOf, trusting } from '../../test/verifyText.js';
import { verifyExport } from './verifyExport.js';

const COUNT = faultRounds({ usual: 10_000, full: 1_000_000 });
const SAMPLED_FLIPS = 16;
/** What an attacker begins to rewrite at. */
const FROM = Math.floor(COUNT * 0.9);
/** What a checkpoint from outside is of. */
const OUTSIDE = Math.floor(COUNT * 0.95);

const notary = testNotary();
let folder: string;
let file: ExportFile;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-tampering-'));
  file = await writeExport(join(folder, 'export.ndjson'), COUNT, notary);
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const signed = (size: number): string => notary.sign(size, treeHash(file.leaves, 0, size));
const outside = () => trusting({ notary }, signed(OUTSIDE));
const keyOnly = trusting({ notary });
const verified = (pieces: readonly Piece[], trusted = keyOnly): Promise<string> =>
  verifyExport(bytesOf(file, pieces), trusted).catch((error: Error) => `${error.name}: ${error.message}`);

const line = (index: number): { from: number; to: number } => ({
  from: file.offsets[index + 1] as number,
  to: file.offsets[index + 2] as number,
});
const end = () => file.offsets[COUNT + 1] as number;
const before = (index: number): Piece => ({ from: 0, to: line(index).from });
const after = (index: number): Piece => ({ from: line(index).to, to: end() });

const byteAt = async (offset: number): Promise<number> => {
  const opened = await open(file.path);
  try {
    return (await opened.read(Buffer.alloc(1), 0, 1, offset)).buffer[0] as number;
  } finally {
    await opened.close();
  }
};

/** Offsets in a text where `position` has its digits: no hash covers them. */
const positionDigits = (text: string): Set<number> =>
  new Set(
    [...text.matchAll(/"position":"(\d+)"/g)].flatMap(({ index, 0: { length }, 1: digits = '' }) =>
      Array.from(digits, (_, digit) => index + length - 1 - digits.length + digit),
    ),
  );

describe(`an export of ${COUNT} events`, () => {
  it('verifies as it is', async () => {
    expect(await verified([{ from: 0, to: end() }], outside())).toContain(`${COUNT} events, root `);
  }, 600_000);

  it('G-08 with one bit flipped anywhere is found', async () => {
    for (let sample = 0; sample < SAMPLED_FLIPS; sample += 1) {
      const offset = Math.floor(((sample + 0.37) / SAMPLED_FLIPS) * end());
      const flipped = Buffer.of((await byteAt(offset)) ^ (1 << (sample % 8)));
      const pieces = [{ from: 0, to: offset }, flipped, { from: offset + 1, to: end() }];
      expect(`${offset} ${await verified(pieces)}`).toMatch(/^\d+ Fault: /);
    }
  }, 3_600_000);

  it.each([0, 1, Math.floor(COUNT / 2), COUNT - 1])(
    'G-08 without event %i is found',
    async (index) => {
      expect(await verified([before(index), after(index)])).toMatch(/^Fault: /);
    },
    600_000,
  );

  it.each([0, Math.floor(COUNT / 2), COUNT - 1])(
    'G-08 with an event put in at %i is found',
    async (index) => {
      expect(await verified([before(index), line(3), line(index), after(index)])).toMatch(/^Fault: /);
      const entry = [...sampleLog(4)].at(-1) as SampleEntry;
      const own = exportLine({ ...entry, index }, leafOfEvent(entry.event));
      expect(await verified([before(index), own, line(index), after(index)])).toMatch(/^Fault: /);
    },
    600_000,
  );

  it('G-08 with two events swapped is found', async () => {
    const [a, b] = [Math.floor(COUNT / 3), Math.floor(COUNT / 2)];
    const between = (from: number, to: number): Piece => ({ from: line(from).to, to: line(to).from });
    expect(await verified([before(a), line(b), between(a, b), line(a), after(b)])).toMatch(/^Fault: /);
    expect(await verified([before(a), line(a + 1), line(a), after(a + 1)])).toMatch(/^Fault: /);
  }, 600_000);

  it('G-08 without its tail is found under its own checkpoint, and under an older one with a checkpoint from outside', async () => {
    const entries = { from: line(0).from, to: line(FROM).from };
    expect(await verified([before(FROM)])).toBe(
      `Fault: The export ends after ${FROM} of ${COUNT} events: leaf ${FROM} is missing.`,
    );
    const older = [headerLine(signed(FROM)), entries];
    expect(await verified(older, outside())).toContain(`has ${OUTSIDE}: the events from leaf ${FROM} on are missing`);
    // The README says so.
    expect(await verified(older)).toContain(`${FROM} events, root `);
  }, 600_000);

  it('G-08 with the end of a stream deleted is found, with every checkpoint that counts what may expire', async () => {
    const entries = [...sampleLog(COUNT)];
    const expirable = entries.filter(({ event }) => event.stream.startsWith('signin-')).length;
    const counted = notary.sign(COUNT, treeHash(file.leaves), expirable);
    const hashOnly = (index: number): Buffer =>
      Buffer.from(`${JSON.stringify({ index, leaf: (file.leaves[index] as Buffer).toString('base64') })}\n`);
    const without = ({ index }: SampleEntry): Promise<string> => {
      const head: Piece[] = [headerLine(counted), { from: line(0).from, to: line(index).from }];
      return verified([...head, hashOnly(index), after(index)]);
    };
    for (const kind of ['user-', 'mail-']) {
      const last = entries.findLast(({ event }) => event.stream.startsWith(kind)) as SampleEntry;
      expect(await without(last)).toContain('Fault: 1 event of streams that do not expire was deleted between leaf 0');
    }
    const signIn = entries.findLast(({ event }) => event.stream.startsWith('signin-')) as SampleEntry;
    expect(await without(signIn)).toContain('(1 of them expired, by their hashes alone)');
  }, 600_000);

  it('G-08 rewritten from an event on is found, also where the notary signed it, with a checkpoint from outside', async () => {
    const rewritten: SampleEntry[] = [];
    for (const entry of sampleLog(COUNT)) if (entry.index >= FROM) rewritten.push(renamed(entry));
    const leaves = [...file.leaves.slice(0, FROM), ...rewritten.map(({ event }) => leafOfEvent(event))];
    const tail = Buffer.concat(rewritten.map((entry) => exportLine(entry, leaves[entry.index] as Buffer)));
    expect(await verified([before(FROM), tail])).toMatch(
      new RegExp(`^Fault: The events differ from the checkpoint of size ${COUNT} of the export: .* leaf 0 and event `),
    );
    const resigned = [
      headerLine(notary.sign(COUNT, treeHash(leaves))),
      { from: line(0).from, to: line(FROM).from },
      tail,
    ];
    expect(await verified(resigned, outside())).toContain(`differ from the checkpoint of size ${OUTSIDE} of "outside"`);
    const ownKey = headerLine(testNotary(notary.origin).sign(COUNT, treeHash(leaves)));
    expect(await verified([ownKey, ...resigned.slice(1)])).toContain('is not signed with the key that was given');
    // The README says so.
    expect(await verified(resigned)).toContain(`${COUNT} events, root `);
  }, 600_000);
});

const renamed = (entry: SampleEntry): SampleEntry => ({
  ...entry,
  event: { ...entry.event, data: { ...entry.event.data, roles: ['admin'] } },
});

describe('an export of two events', () => {
  it('G-08 with any one bit flipped is found, but for digits of a position that still rises', async () => {
    const log = testLog(2);
    const text = textOf(exportLines(log));
    const original = Buffer.from(text);
    const unproved = positionDigits(original.toString('latin1'));
    const missed = new Set<number>();
    const trusted = trusting(log);
    for (let bit = 0; bit < original.length * 8; bit += 1) {
      const offset = Math.floor(bit / 8);
      const flipped = Buffer.from(original);
      flipped[offset] = (original[offset] as number) ^ (1 << (bit % 8));
      if (!(await outcomeOf(flipped, trusted)).startsWith('Fault: ')) missed.add(offset);
    }
    expect(unproved.size).toBeGreaterThan(0);
    expect([...missed].filter((offset) => !unproved.has(offset))).toEqual([]);
  }, 300_000);
});
