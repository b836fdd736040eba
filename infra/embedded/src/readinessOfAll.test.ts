import { describe, expect, it } from '@jest/globals';
import { readinessOfServices, waitUntilReady } from './readinessOfAll.js';

const up = { readiness: async () => ({ ready: true, checks: { log: 'up' as const }, lag: { seconds: 0 } }) };
const down = { readiness: async () => ({ ready: false, checks: { vault: 'down' as const } }) };

describe('readiness of several services', () => {
  it('combines all services, with the name of the service before each check', async () => {
    expect(await readinessOfServices({ a: up, b: up })).toMatchObject({ ready: true });
    expect(await readinessOfServices({ a: up, b: down })).toEqual({
      ready: false,
      checks: { 'a.log': 'up', 'b.vault': 'down' },
      lag: { 'a.seconds': 0 },
    });
  });

  it('is awaited, and a timeout names the checks that are not up', async () => {
    let calls = 0;
    const late = { readiness: async () => ({ ready: ++calls > 2, checks: {} }) };
    await waitUntilReady({ late }, 10_000);
    expect(calls).toBe(3);
    await expect(waitUntilReady({ up, down }, 0)).rejects.toThrow('not up: down.vault.');
    await expect(
      waitUntilReady({ late: { readiness: async () => ({ ready: false, checks: {} }) } }, 0),
    ).rejects.toThrow('not up: all services.');
  });
});
