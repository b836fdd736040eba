import { describe, expect, it } from '@jest/globals';
import { metricsText } from '@ums/kit/metrics';
import { sendingPace } from './sendingPace.js';
import { type PauseReason, sendingPause } from './sendingPause.js';

const pausedBy = async () => {
  const { text } = await metricsText();
  return [...text.matchAll(/^ums_mail_paused\{reason="(\w+)"\} 1$/gm)].map(([, reason]) => reason);
};

describe('F-25 the pace of sends', () => {
  it('spaces them evenly, and catches nothing up after an idle time', () => {
    let now = 0;
    const pace = sendingPace(10, () => now);
    expect([pace.take(1_000), pace.take(1_000), pace.take(1_000)]).toEqual([0, 100, 200]);
    now = 250;
    expect(pace.take(1_000)).toBe(50);
    now = 10_000;
    expect([pace.take(1_000), pace.take(1_000)]).toEqual([0, 100]);
  });

  it('gives no turn that is too far off, and keeps it for others', () => {
    const pace = sendingPace(1, () => 0);
    expect([pace.take(1_500), pace.take(1_500), pace.take(1_500), pace.take(2_000)]).toEqual([
      0,
      1_000,
      undefined,
      2_000,
    ]);
  });
});

describe('F-25 a pause of all mails', () => {
  let now = 0;

  it('is longer after each throttled try, and ends with an accepted mail', async () => {
    const pause = sendingPause(() => now);
    const lengths: number[] = [];
    for (let failure = 1; failure <= 9; failure++) {
      pause.begin('throttled');
      const start = now;
      while (pause.isOn()) now += 100;
      lengths.push(now - start);
    }
    expect(await pausedBy()).toEqual(['throttled']);
    for (const [index, length] of lengths.entries()) {
      const longest = Math.min(1_000 * 2 ** index, 60_000);
      expect(length).toBeGreaterThanOrEqual(longest / 2);
      expect(length).toBeLessThanOrEqual(longest + 100);
    }
    pause.end();
    expect(await pausedBy()).toEqual([]);
    pause.begin('throttled');
    now += 1_000;
    expect(pause.isOn()).toBe(false);
  });

  it('is not lengthened by mails that were under way', () => {
    const pause = sendingPause(() => now);
    for (let mail = 1; mail <= 8; mail++) pause.begin('throttled');
    now += 1_000;
    expect(pause.isOn()).toBe(false);
  });

  it('is not ended by a mail that was under way, so that the next one is longer', async () => {
    const pause = sendingPause(() => now);
    for (let failure = 1; failure <= 6; failure++) {
      pause.begin('throttled');
      pause.end();
      expect([pause.isOn(), await pausedBy()]).toEqual([true, ['throttled']]);
      now += failure === 6 ? 15_900 : 60_000;
    }
    expect(pause.isOn()).toBe(true);
    now += 60_000;
    pause.end();
    expect(await pausedBy()).toEqual([]);
  });

  it.each<PauseReason>(['quota', 'suspended'])('lasts for minutes with the reason %s', async (reason) => {
    const pause = sendingPause(() => now);
    pause.begin(reason);
    expect(await pausedBy()).toEqual([reason]);
    now += 299_000;
    expect(pause.isOn()).toBe(true);
    now += 301_001;
    expect(pause.isOn()).toBe(false);
    pause.end();
    expect(await pausedBy()).toEqual([]);
  });
});
