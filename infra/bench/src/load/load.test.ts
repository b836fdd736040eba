import { describe, expect, it } from '@jest/globals';
import { inFlight } from './inFlight.js';
import { lessIdle } from './lessIdle.js';
import { costOf, ownCpu, sideBySide } from './sideBySide.js';
import { median, percentile } from './statistics.js';

describe('inFlight', () => {
  it('does everything once, in so many lanes and no more', async () => {
    const done: number[] = [];
    const lanes = new Set<number>();
    let now = 0;
    let most = 0;
    await inFlight({ count: 10, lanes: 3 }, async (index, lane) => {
      most = Math.max(most, ++now);
      await new Promise(setImmediate);
      now -= 1;
      lanes.add(lane);
      done.push(index);
    });
    expect(done.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([most, [...lanes].sort()]).toEqual([3, [0, 1, 2]]);
  });

  it('starts no lane without work', async () => {
    const lanes: number[] = [];
    await inFlight({ count: 1, lanes: 3 }, async (_, lane) => lanes.push(lane));
    expect(lanes).toEqual([0]);
  });
});

describe('sideBySide', () => {
  it('alternates, leaves the first round out, and takes the median of the ratios of rounds', async () => {
    const order: string[] = [];
    const gives = (side: string, costs: number[]) => async () => {
      order.push(side);
      return costs.shift() ?? Number.NaN;
    };
    const compared = await sideBySide(3, gives('ours', [900, 2, 30, 4]), gives('bare', [1, 1, 10, 1]));
    expect(compared).toEqual({ ratio: 3, ours: 4, bare: 1 });
    expect(order.slice(0, 4)).toEqual(['bare', 'ours', 'bare', 'ours']);
  });

  it('shares what some operations cost among them', async () => {
    const readings = [100, 160];
    expect(
      await costOf(
        () => readings.shift() ?? Number.NaN,
        30,
        async () => undefined,
      ),
    ).toBe(2);
  });

  it("reads this process's own cpu in milliseconds", () => {
    const before = process.cpuUsage();
    const own = ownCpu();
    expect(own).toBeGreaterThanOrEqual((before.user + before.system) / 1_000);
    expect(own).toBeLessThan((before.user + before.system) / 1_000 + 5_000);
  });
});

describe('lessIdle', () => {
  it('leaves out what is used while nothing is asked', async () => {
    let asked = 0;
    const { idle, cpu } = await lessIdle(async () => performance.now() * 50 + asked, 50);
    expect(idle).toBeGreaterThan(25_000);
    expect(idle).toBeLessThan(100_000);
    const before = await cpu();
    asked = 7_000;
    await new Promise((resolve) => setTimeout(resolve, 100));
    const cost = (await cpu()) - before;
    expect(cost).toBeGreaterThan(4_500);
    expect(cost).toBeLessThan(9_500);
  });

  it('leaves nothing out where it was not told to watch', async () => {
    const clock = async () => 3;
    expect(await lessIdle(clock, 0)).toEqual({ idle: 0, cpu: clock });
  });
});

describe('percentile', () => {
  it('is the smallest value that its share of the values does not exceed', () => {
    const values = [5, 1, 4, 2, 3];
    expect([median(values), percentile(values, 0.99), percentile(values, 0.2), median([7])]).toEqual([3, 5, 1, 7]);
  });
});
