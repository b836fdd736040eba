import { describe, expect, it, jest } from '@jest/globals';
import { compareCosts, cpuPerOperation, ownCpuMs } from './compareCosts.js';
import { largestMemoryOfTree } from './memoryOfTree.js';
import { runParallel } from './runParallel.js';
import { median, percentile } from './statistics.js';
import { withoutIdleCost } from './withoutIdleCost.js';

describe('runParallel', () => {
  it('runs each index once, with at most the given number of lanes', async () => {
    const done: number[] = [];
    const lanes = new Set<number>();
    let running = 0;
    let maxRunning = 0;
    await runParallel({ count: 10, lanes: 3 }, async (index, lane) => {
      maxRunning = Math.max(maxRunning, ++running);
      await new Promise(setImmediate);
      running -= 1;
      lanes.add(lane);
      done.push(index);
    });
    expect(done.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([maxRunning, [...lanes].sort()]).toEqual([3, [0, 1, 2]]);
  });

  it('starts no more lanes than there is work', async () => {
    const lanes: number[] = [];
    await runParallel({ count: 1, lanes: 3 }, async (_, lane) => lanes.push(lane));
    expect(lanes).toEqual([0]);
  });
});

describe('largestMemoryOfTree', () => {
  it('is the resident memory of this process, and 0 for a process that has ended', async () => {
    expect(await largestMemoryOfTree(process.pid)).toBeGreaterThan(10);
    expect(await largestMemoryOfTree(2 ** 22 + 1)).toBe(0);
  });
});

describe('compareCosts', () => {
  it('alternates the measurements, ignores the first round, and returns the median ratio of the rounds', async () => {
    const order: string[] = [];
    const measurement = (side: string, costs: number[]) => async () => {
      order.push(side);
      return costs.shift() ?? Number.NaN;
    };
    const compared = await compareCosts(
      3,
      measurement('ours', [900, 2, 30, 4]),
      measurement('baseline', [1, 1, 10, 1]),
    );
    expect(compared).toEqual({ ratio: 3, ours: 4, baseline: 1 });
    expect(order.slice(0, 4)).toEqual(['baseline', 'ours', 'baseline', 'ours']);
  });
});

describe('cpuPerOperation', () => {
  it('divides the CPU time by the number of operations', async () => {
    const readings = [100, 160];
    expect(
      await cpuPerOperation(
        () => readings.shift() ?? Number.NaN,
        30,
        async () => undefined,
      ),
    ).toBe(2);
  });
});

describe('ownCpuMs', () => {
  it('returns the CPU time of this process in milliseconds', () => {
    const before = process.cpuUsage();
    const own = ownCpuMs();
    expect(own).toBeGreaterThanOrEqual((before.user + before.system) / 1_000);
    expect(own).toBeLessThan((before.user + before.system) / 1_000 + 5_000);
  });
});

describe('withoutIdleCost', () => {
  it('subtracts the CPU time that is used while idle', async () => {
    let now = 0;
    let work = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const { idle, cpu } = await withoutIdleCost(async () => {
      now += 50;
      return now * 0.04 + work;
    }, 1);
    expect(idle).toBeCloseTo(40);
    const before = await cpu();
    work = 7;
    expect((await cpu()) - before).toBeCloseTo(7);
    clock.mockRestore();
  });

  it('subtracts nothing if it does not measure the idle time', async () => {
    const clock = async () => 3;
    expect(await withoutIdleCost(clock, 0)).toEqual({ idle: 0, cpu: clock });
  });
});

describe('percentile', () => {
  it('is the smallest value that the given share of the values does not exceed', () => {
    const values = [5, 1, 4, 2, 3];
    expect([median(values), percentile(values, 0.99), percentile(values, 0.2), median([7])]).toEqual([3, 5, 1, 7]);
  });
});
