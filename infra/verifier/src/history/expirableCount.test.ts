import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeOnPython, runPython, VERIFY_PY } from '../../test/python.js';
import type { SampleEntry } from '../../test/sampleLog.js';
import { exportLines, testLog, textOf } from '../../test/testLog.js';
import { outcomeOf, trusting } from '../../test/verifyText.js';

const sample = testLog(100);
/** A log with reads of the first users, too. */
const log = testLog(
  sample.entries.map((entry) => {
    const stream = entry.event.stream.replace('mail-', 'access-').replace('registration-', 'grant-');
    return { ...entry, event: { ...entry.event, stream } };
  }),
  sample.notary,
);
/** An export from which the events of a kind were deleted. */
const without = (isDeleted: (entry: SampleEntry) => boolean, checkpoint = log.counted()): string => {
  const [, ...entries] = exportLines(log);
  const header = JSON.stringify({ format: 'ums-log-export.v1', checkpoint });
  const left = entries.map((line, index) =>
    isDeleted(log.entries[index] as SampleEntry)
      ? JSON.stringify({ index, leaf: (log.leaves[index] as Buffer).toString('base64') })
      : line,
  );
  return textOf([header, ...left]);
};
const isOf =
  (kinds: RegExp) =>
  ({ event }: SampleEntry): boolean =>
    kinds.test(event.stream);
const user = log.entries[8]?.event.stream;
const tail = Math.max(...log.entries.flatMap(({ event, index }) => (event.stream === user ? [index] : [])));
const isTail = ({ index }: SampleEntry): boolean => index === tail;
const reads = log.entries.filter(isOf(/^(grant|access)-/)).length;
const signIns = log.entries.filter(isOf(/^signin-/)).length;

describe('the number of events that may expire', () => {
  it('G-08 shows that the end of a stream was deleted', async () => {
    expect(await outcomeOf(without(isTail), trusting(log))).toBe(
      'Fault: 1 event of streams that do not expire was deleted between leaf 0 and leaf 99, by the checkpoint of size 100 of the export.',
    );
  });

  it('G-08 shows that whole streams of grants and reads were deleted, also where sign-ins expired', async () => {
    expect(reads).toBeGreaterThan(0);
    const message = `Fault: ${reads} events of streams that do not expire were deleted between leaf 0 and leaf 99, by`;
    expect(await outcomeOf(without(isOf(/^(grant|access)-/)), trusting(log))).toContain(message);
    expect(await outcomeOf(without(isOf(/^(grant|access|signin)-/)), trusting(log))).toContain(message);
  });

  it('lets sign-ins expire, all of them or some', async () => {
    expect(await outcomeOf(without(isOf(/^signin-/)), trusting(log, log.counted(50)))).toMatch(
      new RegExp(`^Verified: .*\\(${signIns} of them expired, by .* with 1 checkpoint from outside\\.$`),
    );
    expect(
      await outcomeOf(
        without(() => false),
        trusting(log),
      ),
    ).toMatch(/^Verified: /);
  });

  it('G-08 names the first range by the checkpoints from outside, also where the one of the export says nothing', async () => {
    const outside = [log.counted(tail), log.counted(tail + 1), log.counted(90)];
    expect(await outcomeOf(without(isTail, log.checkpoint()), trusting(log, ...outside))).toContain(
      `was deleted between leaf ${tail} and leaf ${tail}, by the checkpoint of size ${tail + 1} of "outside".`,
    );
    const both = [log.checkpoint(90), log.counted(90), log.checkpoint(90)];
    expect(await outcomeOf(without(isTail, log.checkpoint()), trusting(log, ...both))).toContain('of size 90 of');
  });

  it('says what it cannot rule out where no checkpoint states it', async () => {
    expect(await outcomeOf(without(isTail, log.checkpoint()), trusting(log))).toMatch(
      /^Verified: .* Deleted ends of streams cannot be ruled out among 1 of the hashes: no checkpoint says how many events may expire\.$/,
    );
  });

  it('G-08 is a fault where it is too large, and where two checkpoints of one size differ in it', async () => {
    const wrong = log.notary.sign(100, trusting(log, log.counted()).outside[0]?.root as Buffer, signIns + 1);
    expect(
      await outcomeOf(
        without(() => false),
        trusting(log, wrong),
      ),
    ).toBe(
      `Fault: The checkpoint of size 100 of "outside" counts ${signIns + 1} events that may expire, and the export has ${signIns}: the number is wrong.`,
    );
    expect(
      await outcomeOf(
        without(() => false),
        trusting(log, wrong, log.counted()),
      ),
    ).toBe(
      'Fault: Two checkpoints from outside, in "outside" and "outside", count different events that may expire in the tree of size 100.',
    );
  });
});

describeOnPython('the verifier in Python', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-expirable-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const pythonOf = async (text: string, ...notes: readonly string[]): Promise<string> => {
    const contents = [text, `${log.notary.publicKey}\n`, ...notes];
    const paths = contents.map((_, index) => join(folder, String(index)));
    for (const [index, path] of paths.entries()) await writeFile(path, contents[index] ?? '');
    const { status, stdout } = runPython([VERIFY_PY, ...paths]);
    return `${status} ${stdout.trim()}`;
  };

  it('G-08 finds a deleted end of a stream and deleted streams, and lets sign-ins expire', async () => {
    expect(await pythonOf(without(isTail))).toBe('1 Fault: 1 events of other streams were deleted from leaf 0 to 99');
    expect(await pythonOf(without(isOf(/^(grant|access)-/)))).toContain(`1 Fault: ${reads} events of other streams`);
    expect(await pythonOf(without(isOf(/^signin-/)))).toMatch(/^0 .* 100$/);
    const root = trusting(log, log.counted()).outside[0]?.root as Buffer;
    expect(await pythonOf(without(() => false, log.notary.sign(100, root, signIns + 1)))).toBe(
      '1 Fault: the checkpoint counts more events that may expire than there are',
    );
    expect(await pythonOf(without(isTail, log.checkpoint()))).toMatch(/^0 .* 100, 1 may be deleted$/);
    expect(await pythonOf(without(isTail, log.checkpoint()), log.counted(tail), log.counted(90))).toBe(
      `1 Fault: 1 events of other streams were deleted from leaf ${tail} to 89`,
    );
  });
});
