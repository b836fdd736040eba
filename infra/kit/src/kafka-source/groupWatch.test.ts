import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../../test/until.js';
import type { GroupOffset } from './groupOffsets.js';
import { groupWatch } from './groupWatch.js';

const at = (partition: number, next: bigint, end: bigint): GroupOffset => ({ partition, next, end, metadata: '' });

describe('groupWatch', () => {
  let watch: ReturnType<typeof groupWatch> | undefined;
  afterEach(() => watch?.stop());

  /** Runs one check for each step, the last one again and again. @returns what was reported for the steps */
  const check = async (steps: (readonly GroupOffset[] | Error)[], isIdle = (_: number) => true) => {
    const reported: unknown[] = [];
    let step = 0;
    watch = groupWatch({
      offsets: async () => {
        const found = steps[Math.min(step++, steps.length - 1)];
        if (found === undefined || found instanceof Error) throw found;
        return found;
      },
      isIdle,
      everyMs: 1,
      onChecked: (lag, verdict) => void reported.push([lag, verdict]),
    });
    await until(() => step > steps.length);
    return reported.slice(0, steps.filter((found) => !(found instanceof Error)).length);
  };

  it('F-21 reports a stall when a partition has records that nothing is done about', async () => {
    expect(
      await check([
        [at(0, 5n, 5n), at(1, 3n, 7n)],
        [at(0, 5n, 5n), at(1, 3n, 8n)],
      ]),
    ).toEqual([
      [4, undefined],
      [5, 'stalled'],
    ]);
  });

  it('F-21 reports no stall while the offset moves', async () => {
    expect(await check([[at(0, 3n, 7n)], [at(0, 4n, 8n)], [at(0, 9n, 9n)]])).toEqual([
      [4, undefined],
      [4, 'moves'],
      [0, 'moves'],
    ]);
  });

  it('F-21 reports no stall while messages wait, or another member has the partition', async () => {
    expect(await check([[at(0, 3n, 7n)], [at(0, 3n, 7n)]], () => false)).toEqual([
      [4, undefined],
      [4, 'moves'],
    ]);
  });

  it('F-21 begins anew when the broker did not answer', async () => {
    expect(await check([[at(0, 3n, 7n)], new Error('no answer'), [at(0, 3n, 7n)]])).toEqual([
      [4, undefined],
      [4, undefined],
    ]);
  });
});
