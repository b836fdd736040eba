import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { whileAwake } from './awakeTime.js';

describe('whileAwake', () => {
  it('counts the time for which the work waits', async () => {
    const { result, tookMs } = await whileAwake(() => sleep(300, 'done'));
    expect(result).toBe('done');
    expect(tookMs).toBeGreaterThan(50);
  });

  it('counts a turn that computes in full', async () => {
    const { tookMs } = await whileAwake(async () => {
      for (const start = process.cpuUsage(); process.cpuUsage(start).user < 500_000; );
    });
    expect(tookMs).toBeGreaterThan(400);
  });

  it('counts a pause of the process as a tenth of a second', async () => {
    const now = performance.now.bind(performance);
    let step = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + step);
    try {
      const { tookMs } = await whileAwake(async () => {
        step = 60_000;
      });
      expect(tookMs).toBe(100);
    } finally {
      clock.mockRestore();
    }
  });
});
