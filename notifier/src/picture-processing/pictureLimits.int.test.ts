import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  hasEnded,
  processorForTests,
  resultOf,
  type TestProcessor,
  type TestProcessorOptions,
} from '../../test/pictures/processorForTests.js';
import { largePicture, picture } from '../../test/pictures/samplePictures.js';

const FILL = JSON.stringify('const all = []; for (;;) all.push(Buffer.alloc(2 ** 23, 1));');

let processor: TestProcessor;
const startProcessor = (options?: TestProcessorOptions): TestProcessor => {
  processor = processorForTests(options);
  return processor;
};
afterEach(() => processor?.close());

describe('the limits of the picture process', () => {
  it('F-28 rejects a picture whose process does not answer in time, and starts a new one for the next picture', async () => {
    startProcessor({ timeLimitMs: 5_000 });
    await processor.process(picture);
    const [first = 0] = processor.pids();
    process.kill(first, 'SIGSTOP');
    expect(await resultOf(processor.process(picture))).toBe('time-limit');
    expect(await hasEnded(first)).toBe(true);
    expect(await resultOf(processor.process(picture))).toBe('processed');
    expect(processor.messages()).toEqual([
      ...['picture process started', 'picture process failed: time-limit', 'picture process started'],
    ]);
  });

  it.each([
    ['aborts', 'decoder-crashed', 'process.abort();'],
    ['exits', 'decoder-crashed', 'process.exit(0);'],
    ['sends something else', 'decoder-crashed', 'process.send({ kind: "processed", squares: { 512: "<html>" } });'],
    ['is killed', 'memory-limit', 'process.kill(process.pid, "SIGKILL");'],
  ] as const)('F-28 rejects a picture at which the decoder %s twice, with the reason %s', async (_, reason, action) => {
    startProcessor({ preload: `process.on('message', () => { ${action} })` });
    expect(await resultOf(processor.process(picture))).toBe(reason);
    expect(processor.messages()).toEqual([
      ...['picture process started', `picture process failed: ${reason}`],
      ...['picture process started', `picture process failed: ${reason}`],
    ]);
    for (const pid of processor.pids()) expect(await hasEnded(pid)).toBe(true);
  });

  it('F-28 tries a picture at which the process crashed once more in a new one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ums-picture-'));
    const file = JSON.stringify(join(folder, 'crashed'));
    startProcessor({
      preload: `
        import { existsSync, writeFileSync } from 'node:fs';
        if (!existsSync(${file})) process.on('message', () => { writeFileSync(${file}, ''); process.abort(); });`,
    });
    expect(await resultOf(processor.process(picture))).toBe('processed');
    expect(processor.messages()).toEqual([
      ...['picture process started', 'picture process failed: decoder-crashed', 'picture process started'],
    ]);
    await rm(folder, { recursive: true });
  });

  it('F-28 gives both attempts at a picture one time limit together', async () => {
    const crash = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700); process.abort();';
    startProcessor({ preload: `process.on('message', () => { ${crash} })`, timeLimitMs: 1_000 });
    expect(await resultOf(processor.process(picture))).toBe('time-limit');
  });

  it.each([
    ['the decoder', 256, ''],
    [
      'a thread that fills memory as fast as it can',
      512,
      `process.on('message', () => new Worker(${FILL}, { eval: true }));`,
    ],
  ])('U-03 ends a process when %s takes it near its limit of %i MB', async (_, limitMb, preload) => {
    const folder = await mkdtemp(join(tmpdir(), 'ums-picture-'));
    const file = join(folder, 'memory.json');
    const limitBytes = limitMb * 1_024 * 1_024;
    startProcessor({
      memoryLimitBytes: limitBytes,
      preload: `
        import { writeFileSync } from 'node:fs';
        import { Worker } from 'node:worker_threads';
        let [peakBytes, timersOverLimit] = [0, 0];
        setInterval(() => {
          const bytes = process.memoryUsage.rss();
          peakBytes = Math.max(peakBytes, bytes);
          if (bytes > ${limitBytes}) timersOverLimit += 1;
          writeFileSync(${JSON.stringify(file)}, JSON.stringify({ peakBytes, timersOverLimit }));
        }, 1);
        ${preload}`,
    });
    expect(await resultOf(processor.process(largePicture()))).toBe('memory-limit');
    const { peakBytes, timersOverLimit } = JSON.parse(await readFile(file, 'utf8'));
    expect(peakBytes).toBeGreaterThan(limitBytes / 2);
    // Counted in timers and not in bytes: on a busy machine every timer of the process runs late, the one that ends it too.
    expect(timersOverLimit).toBeLessThan(25);
    for (const pid of processor.pids()) expect(await hasEnded(pid)).toBe(true);
    await rm(folder, { recursive: true });
  });

  it('U-03 gives the process no variable of its own environment', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ums-picture-'));
    const file = JSON.stringify(join(folder, 'environment.json'));
    startProcessor({
      preload: `import { writeFileSync } from 'node:fs'; writeFileSync(${file}, JSON.stringify(process.env));`,
    });
    await processor.process(picture);
    const names = Object.keys(JSON.parse(await readFile(JSON.parse(file), 'utf8')));
    expect(names.filter((name) => !name.startsWith('NODE_CHANNEL_'))).toEqual(['MALLOC_ARENA_MAX']);
    await rm(folder, { recursive: true });
  });
});
