import { describe, expect, it } from '@jest/globals';
import { progressDisplay } from './progressDisplay.js';

const CLEAR = '\r\u001b[2K';

const displayOn = (isTTY: boolean) => {
  const written: string[] = [];
  const time = { now: 0 };
  const display = progressDisplay({ isTTY, write: (text) => written.push(text) }, () => time.now);
  return { written, time, display };
};

describe('progressDisplay', () => {
  it('draws a bar with share, position, events and rate over the last one on a terminal', () => {
    const { written, time, display } = displayOn(true);
    time.now = 1_000;
    display.show({ phase: 'events', events: 1_000, position: 50n, head: 200n });
    time.now = 1_050;
    display.show({ phase: 'events', events: 1_500, position: 75n, head: 200n });
    time.now = 2_000;
    display.show({ phase: 'events', events: 4_000, position: 200n, head: 200n });
    display.show({ phase: 'indexes', events: 4_000, position: 200n, head: 200n });
    display.end();
    expect(written).toEqual([
      `${CLEAR}[######..................] 25 %  position 50 of 200  1000 events  1000 events/s`,
      `${CLEAR}[########################] 100 %  position 200 of 200  4000 events  2000 events/s`,
      `${CLEAR}[########################] 100 %  position 200 of 200  4000 events  building indexes`,
      '\n',
    ]);
  });

  it('draws the last progress when it ends', () => {
    const { written, time, display } = displayOn(true);
    time.now = 1_000;
    display.show({ phase: 'events', events: 1, position: 1n, head: 4n });
    display.show({ phase: 'events', events: 2, position: 2n, head: 4n });
    display.end();
    expect(written.slice(1)).toEqual([
      `${CLEAR}[############............] 50 %  position 2 of 4  2 events  2 events/s`,
      '\n',
    ]);
  });

  it('prints at most one line a second elsewhere, and the last one', () => {
    const { written, time, display } = displayOn(false);
    for (const [now, events] of [
      [1_000, 100],
      [1_900, 190],
      [2_000, 200],
      [2_100, 210],
    ] as const) {
      time.now = now;
      display.show({ phase: 'events', events, position: BigInt(events), head: 400n });
    }
    display.end();
    expect(written).toEqual([
      '25 %  position 100 of 400  100 events  100 events/s\n',
      '50 %  position 200 of 400  200 events  100 events/s\n',
      '52 %  position 210 of 400  210 events  100 events/s\n',
    ]);
  });

  it('prints nothing where there was no progress', () => {
    for (const isTTY of [true, false]) {
      const { written, display } = displayOn(isTTY);
      display.end();
      expect(written).toEqual([]);
    }
  });

  it('shows an empty log as done', () => {
    const { written, display } = displayOn(false);
    display.show({ phase: 'indexes', events: 0, position: -1n, head: -1n });
    expect(written).toEqual(['100 %  position -1 of -1  0 events  building indexes\n']);
  });
});
