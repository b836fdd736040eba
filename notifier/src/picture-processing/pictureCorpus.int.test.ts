import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { CORPUS } from '../../test/pictures/corpus.js';
import type { CorpusFile } from '../../test/pictures/corpusFile.js';
import { CANARY } from '../../test/pictures/exif.js';
import { processorForTests } from '../../test/pictures/processorForTests.js';

/** With all limits of production except that of time: this machine may be busy, so CPU time is measured instead. */
const processor = processorForTests();
/** For the files that may exceed the time limit. */
const limited = processorForTests({ timeLimitMs: 5_000 });
const isSlow = ({ outcomes }: CorpusFile): boolean => outcomes.includes('time-limit');

const MOST_CPU_MS = 5_000;
const MOST_MEMORY_KB = 512 * 1_024;
const LARGEST_FILE = 5_000_000;
const MS_PER_TICK = 10;

afterAll(() => Promise.all([processor.close(), limited.close()]));

/** CPU time and highest memory of the process; Linux only. */
const costs = async (): Promise<{ cpuMs: number; memoryKb: number } | undefined> => {
  const pid = processor.pids().at(-1);
  if (pid === undefined || process.platform !== 'linux') return undefined;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const memoryKb = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { cpuMs: (Number(user) + Number(system)) * MS_PER_TICK, memoryKb };
};

describe('the corpus of hostile pictures', () => {
  it('has at least 60 files of different names, none too large to be uploaded', async () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
    for (const { name, make } of CORPUS) {
      const { length } = await make();
      expect({ name, fits: length <= LARGEST_FILE }).toEqual({ name, fits: true });
    }
  }, 300_000);

  it.each(CORPUS.filter((file) => !isSlow(file)))(
    'U-03 $name is $outcomes',
    async ({ make, outcomes }) => {
      const before = await costs();
      const outcome = await processor.process(await make());
      const after = await costs();
      expect(outcomes).toContain(outcome.kind === 'processed' ? outcome.kind : outcome.reason);
      if (before === undefined || after === undefined) return;
      expect(after.cpuMs - before.cpuMs).toBeLessThan(MOST_CPU_MS);
      expect(after.memoryKb).toBeLessThan(MOST_MEMORY_KB);
    },
    300_000,
  );

  it.each(CORPUS.filter(isSlow))(
    'U-03 $name is $outcomes, and delays no later picture',
    async ({ make, outcomes }) => {
      const outcome = await limited.process(await make());
      expect(outcomes).toContain(outcome.kind === 'processed' ? outcome.kind : outcome.reason);
      const [other] = CORPUS;
      expect((await limited.process((await other?.make()) ?? Buffer.alloc(0))).kind).toBe('processed');
    },
    300_000,
  );

  it('U-03 crashed no process, and left nothing of a file in the log', () => {
    expect(processor.messages()).toEqual(['picture process started']);
    expect(processor.logged()).not.toContain(CANARY);
  });
});
