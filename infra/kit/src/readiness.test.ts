import { expect, it } from '@jest/globals';
import { upIfResolves, upOrBehind } from './readiness.js';

it('F-03 takes a dependency that hangs for down within 2.5 s, and says which of them it is', async () => {
  const hangs = new Promise<never>(() => undefined);
  const begun = performance.now();
  const checks = await Promise.all([upIfResolves(hangs), upOrBehind(hangs), upIfResolves(Promise.resolve())]);
  expect(checks).toEqual(['down', 'down', 'up']);
  expect(performance.now() - begun).toBeLessThan(2_500);
});

it('takes a dependency that fails for down, and one that is not there yet for behind', async () => {
  expect(await upIfResolves(Promise.reject(new Error('no connection')))).toBe('down');
  expect(await upOrBehind(Promise.reject(new Error('no connection')))).toBe('down');
  expect([await upOrBehind(Promise.resolve(false)), await upOrBehind(Promise.resolve(true))]).toEqual(['behind', 'up']);
});
