import { describe, expect, it } from '@jest/globals';
import { replayDisplay } from './replayDisplay.js';
import type { ReplayOrder } from './replayOrder.js';

const CLEAR = '\r\u001b[2K';
const range: ReplayOrder = {
  ...{ kind: 'events', format: 'ndjson', range: { from: 100n, to: 300n }, correlation: undefined, after: undefined },
};
const correlation: ReplayOrder = { ...range, range: undefined, correlation: 'c' };
const history: ReplayOrder = { kind: 'history', format: 'ndjson', userId: 'u', grantId: undefined, after: undefined };

const displayOn = (stdout: boolean, stderr: boolean) => {
  const written: string[] = [];
  const time = { now: 0 };
  const output = { isTTY: stderr, write: (text: string) => written.push(text) };
  return { written, time, display: replayDisplay({ stdout: { isTTY: stdout }, stderr: output }, () => time.now) };
};

describe('the progress of a replay', () => {
  it('is a bar on a terminal, over what is done of a range', () => {
    const { written, time, display } = displayOn(false, true);
    time.now = 1_000;
    display.show(range, 50, '150');
    display.show({ ...range, range: { from: 300n, to: 300n } }, 51, '300');
    display.end();
    expect(written).toEqual([
      `${CLEAR}[######..................] 25 %  position 150  50 records  50 records/s`,
      `${CLEAR}[########################] 100 %  position 300  51 records  51 records/s`,
      '\n',
    ]);
  });

  it('is full at the end of a range that reaches beyond the last event', () => {
    const { written, time, display } = displayOn(false, true);
    time.now = 1_000;
    display.show(range, 1, '150', true);
    display.end();
    expect(written).toEqual([`${CLEAR}[########################] 100 %  position 150  1 record  1 records/s`, '\n']);
  });

  it('has no share where nobody knows how much there is', () => {
    for (const order of [correlation, history]) {
      const { written, time, display } = displayOn(false, true);
      time.now = 1_000;
      display.show(order, 50, '150');
      display.end();
      expect(written).toEqual([`${CLEAR}position 150  50 records  50 records/s`, '\n']);
    }
  });

  it('is a line a second at most elsewhere', () => {
    const { written, time, display } = displayOn(false, false);
    for (const [now, records] of [
      [1_000, 10],
      [1_500, 15],
      [2_000, 20],
    ] as const) {
      time.now = now;
      display.show(range, records, String(100 + records));
    }
    display.show(history, 21, undefined);
    display.end();
    expect(written).toEqual([
      '5 %  position 110  10 records  10 records/s\n',
      '10 %  position 120  20 records  10 records/s\n',
      '21 records  11 records/s\n',
    ]);
  });

  it('is not shown between records that are printed on a terminal', () => {
    const { written, display } = displayOn(true, true);
    display.show(range, 50, '150');
    display.end();
    expect(written).toEqual([]);
  });
});
