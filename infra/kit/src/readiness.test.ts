import { afterEach, expect, it, jest } from '@jest/globals';
import { upIfResolves, upOrBehind } from './readiness.js';

afterEach(() => void jest.useRealTimers());

it('F-03 takes a dependency that hangs for down within 2.5 s, and says which of them it is', async () => {
  const hangs = new Promise<never>(() => undefined);
  jest.useFakeTimers();
  const checks = Promise.all([upIfResolves(hangs), upOrBehind(hangs), upIfResolves(Promise.resolve())]);
  await jest.advanceTimersByTimeAsync(2_499);
  expect(await checks).toEqual(['down', 'down', 'up']);
});

it('takes a dependency that fails for down, and one that is not there yet for behind', async () => {
  expect(await upIfResolves(Promise.reject(new Error('no connection')))).toBe('down');
  expect(await upOrBehind(Promise.reject(new Error('no connection')))).toBe('down');
  expect([await upOrBehind(Promise.resolve(false)), await upOrBehind(Promise.resolve(true))]).toEqual(['behind', 'up']);
});
