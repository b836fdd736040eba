import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { watchMemory } from './watchMemory.js';

it('calls back once when the process has more memory than the limit', async () => {
  let calls = 0;
  await new Promise<void>((resolve) => {
    watchMemory(1, () => {
      calls += 1;
      resolve();
    });
  });
  await sleep(100);
  expect(calls).toBe(1);
});

it('does not call back below the limit, or once it was ended', async () => {
  let calls = 0;
  const count = (): void => {
    calls += 1;
  };
  const ends = [watchMemory(Number.MAX_SAFE_INTEGER, count)];
  watchMemory(1, count)();
  await sleep(100);
  expect(calls).toBe(0);
  for (const end of ends) end();
});
