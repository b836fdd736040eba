import { expect, it } from '@jest/globals';
import { throttledProgress } from './throttledProgress.js';

it('prints at most one line a second, and the last one at the end, once', () => {
  const lines: string[] = [];
  let time = 0;
  const { progress, printLast, last } = throttledProgress(
    (line) => void lines.push(line),
    () => time,
  );
  printLast();
  expect(last()).toBeUndefined();
  for (const [at, line] of [
    [0, 'a'],
    [999, 'b'],
    [1_000, 'c'],
    [1_500, 'd'],
  ] as const) {
    time = at;
    progress(line);
  }
  expect(lines).toEqual(['a', 'c']);
  printLast();
  printLast();
  expect(lines).toEqual(['a', 'c', 'd']);
  expect(last()).toBe('d');
});
