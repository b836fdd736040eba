import { describe, expect, it } from '@jest/globals';
import { readinessOfAll, untilReady } from './readinessOfAll.js';

const up = { readiness: async () => ({ ready: true, checks: { log: 'up' as const }, lag: { seconds: 0 } }) };
const down = { readiness: async () => ({ ready: false, checks: { vault: 'down' as const } }) };

describe('readiness of several services', () => {
  it('is that of all of them, each check under the name of its service', async () => {
    expect(await readinessOfAll({ a: up, b: up })).toMatchObject({ ready: true });
    expect(await readinessOfAll({ a: up, b: down })).toEqual({
      ready: false,
      checks: { 'a.log': 'up', 'b.vault': 'down' },
      lag: { 'a.seconds': 0 },
    });
  });

  it('is waited for, and says what is missing when it does not come', async () => {
    let asked = 0;
    const late = { readiness: async () => ({ ready: ++asked > 2, checks: {} }) };
    await untilReady({ late }, 10_000);
    expect(asked).toBe(3);
    await expect(untilReady({ up, down }, 0)).rejects.toThrow('still missing: down.vault.');
    await expect(untilReady({ late: { readiness: async () => ({ ready: false, checks: {} }) } }, 0)).rejects.toThrow(
      'missing: everything.',
    );
  });
});
