import { describe, expect, it } from '@jest/globals';
import { checkpointSchedule } from './checkpointSchedule.js';

type Rule = ReturnType<typeof checkpointSchedule>;

/** Looks at events 1, 2, 3 …: those whose number is in `matching` match. */
const run = (rule: Rule, from: number, to: number, matching: readonly number[] = []) => {
  const sent: bigint[] = [];
  for (let position = from; position <= to; position += 1) {
    const due = rule.looked(BigInt(position), matching.includes(position));
    if (due !== undefined) sent.push(due);
  }
  return sent;
};

describe('checkpoints of a filtered subscription', () => {
  it('come, when live, after as many events as window times interval', () => {
    const rule = checkpointSchedule(2, 2, undefined);
    expect(rule.started()).toBeUndefined();
    expect(rule.caughtUp()).toBeUndefined();
    expect(run(rule, 1, 9)).toEqual([4n, 8n]);
  });

  it('come, when catching up, after each page once enough was looked at, the start included', () => {
    const rule = checkpointSchedule(2, 1, 100n);
    expect(rule.started()).toBeUndefined();
    expect(run(rule, 101, 109)).toEqual([101n, 103n, 105n, 107n, 109n]);
  });

  it('begin with the start itself where a page holds one event', () => {
    const rule = checkpointSchedule(1, 1, 100n);
    expect(rule.started()).toBe(100n);
    expect(run(rule, 101, 102)).toEqual([101n, 102n]);
  });

  it('end a page after 32 matches', () => {
    const rule = checkpointSchedule(1000, 1, undefined);
    const all = Array.from({ length: 2000 }, (_, index) => index + 1);
    expect(run(rule, 1, 1100, all)).toEqual([1024n]);
  });

  it('name the last match when the end is reached, or the start, and none twice', () => {
    const rule = checkpointSchedule(32, 1, 100n);
    run(rule, 101, 109, [105]);
    expect(rule.caughtUp()).toBe(105n);
    rule.fellBehind();
    run(rule, 110, 112);
    expect(rule.caughtUp()).toBeUndefined();
    expect(checkpointSchedule(32, 1, 100n).caughtUp()).toBe(100n);
  });

  it('count anew when the subscription goes live', () => {
    const rule = checkpointSchedule(2, 2, undefined);
    expect(run(rule, 1, 6)).toEqual([4n]);
    rule.caughtUp();
    expect(run(rule, 7, 14)).toEqual([10n, 14n]);
  });
});
