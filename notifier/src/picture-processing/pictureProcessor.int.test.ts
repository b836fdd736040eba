import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { metricsText } from '@ums/kit/metrics';
import { TYPESCRIPT_LOADER } from '../../../infra/embedded/test/typescriptLoader.js';
import { until } from '../../../infra/kit/test/until.js';
import {
  hasEnded,
  processorForTests,
  resultOf,
  type TestProcessor,
  type TestProcessorOptions,
} from '../../test/pictures/processorForTests.js';
import { largePicture, picture } from '../../test/pictures/samplePictures.js';

let processor: TestProcessor;
const startProcessor = (options?: TestProcessorOptions): TestProcessor => {
  processor = processorForTests(options);
  return processor;
};
afterEach(() => processor?.close());

describe('pictureProcessor', () => {
  it('starts one process when it is needed, and gives it one picture after the other', async () => {
    startProcessor();
    expect(processor.pids()).toEqual([]);
    const results = [picture, Buffer.from('no picture'), picture].map((bytes) => resultOf(processor.process(bytes)));
    expect(await Promise.all(results)).toEqual(['processed', 'not-a-picture', 'processed']);
    expect(processor.messages()).toEqual(['picture process started']);
  });

  it('tells how long it worked on a picture, without the wait for those before it', async () => {
    startProcessor();
    await processor.process(picture);
    const spent: number[] = [];
    const begun = performance.now();
    await Promise.all([1, 2, 3].map(() => processor.process(picture, (ms) => spent.push(ms))));
    expect(spent).toHaveLength(3);
    expect(Math.min(...spent)).toBeGreaterThan(0);
    expect(spent.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(performance.now() - begun);
  });

  it('replaces a process that ended while it had nothing to do', async () => {
    startProcessor();
    await processor.process(picture);
    const [first = 0] = processor.pids();
    process.kill(first, 'SIGKILL');
    await until(() => hasEnded(first));
    expect(await resultOf(processor.process(picture))).toBe('processed');
    expect(processor.pids()).toHaveLength(2);
  });

  it('ends a process that had nothing to do for a while, and starts one for the next picture', async () => {
    startProcessor({ idleMs: 1 });
    await processor.process(picture);
    await until(() => hasEnded(processor.pids()[0]));
    expect(await resultOf(processor.process(picture))).toBe('processed');
    expect(processor.messages()).toEqual(['picture process started', 'picture process started']);
  });

  it('finishes the picture in work when it is closed, refuses those that wait, and ends the process', async () => {
    startProcessor();
    await processor.process(picture);
    const inWork = resultOf(processor.process(largePicture()));
    await nextTurn();
    const waiting = processor.process(picture);
    const closed = processor.close();
    await expect(waiting).rejects.toThrow(DependencyUnavailable);
    expect(await inWork).toBe('processed');
    await closed;
    expect(await hasEnded(processor.pids()[0])).toBe(true);
    await expect(processor.process(picture)).rejects.toThrow(DependencyUnavailable);
    expect(processor.pids()).toHaveLength(1);
  });

  it('makes no second attempt once it is closed', async () => {
    startProcessor({
      preload: `process.on('message', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))`,
    });
    const inWork = processor.process(picture);
    await until(() => processor.pids().length === 1);
    const [pid = 0] = processor.pids();
    const closed = processor.close();
    process.kill(pid, 'SIGABRT');
    await Promise.all([closed, expect(inWork).rejects.toThrow(DependencyUnavailable)]);
    expect(processor.pids()).toEqual([pid]);
  });

  it.each([
    ['ends', 'process.exit(1)', 60_000],
    ['says something else first', 'process.send("canary")', 60_000],
    ['does not become ready in time', 'await new Promise((resolve) => setTimeout(resolve, 600_000))', 500],
  ])('rejects no picture when its process %s instead of starting', async (_, preload, startLimitMs) => {
    startProcessor({ preload, startLimitMs });
    await expect(processor.process(picture)).rejects.toThrow(DependencyUnavailable);
    expect(processor.messages()).toEqual(['picture process did not start']);
  });

  it('ends the process with its parent, also after kill -9 in the middle of a picture', async () => {
    const folder = join(import.meta.dirname, '..', '..', 'test', 'pictures');
    const parent = spawn(process.execPath, ['--import', TYPESCRIPT_LOADER, join(folder, 'runProcessor.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve) =>
      createInterface({ input: parent.stdout }).once('line', resolve),
    );
    const { pid } = JSON.parse(line) as { pid: number };
    expect(await hasEnded(pid)).toBe(false);
    parent.kill('SIGKILL');
    await until(() => hasEnded(pid));
  });

  it('leaves signals of the terminal to its parent', async () => {
    startProcessor();
    await processor.process(picture);
    const [pid = 0] = processor.pids();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP'] as const) process.kill(pid, signal);
    expect(await resultOf(processor.process(picture))).toBe('processed');
    expect(processor.pids()).toEqual([pid]);
  });

  it('observes how long pictures take, by outcome', async () => {
    startProcessor();
    await processor.process(picture);
    await processor.process(Buffer.from('no picture'));
    const { text } = await metricsText();
    expect(text).toMatch(/^ums_picture_processing_seconds_count\{outcome="processed"\} [1-9]/m);
    expect(text).toMatch(/^ums_picture_processing_seconds_count\{outcome="not-a-picture"\} [1-9]/m);
  });
});
