import { describe, expect, it } from '@jest/globals';
import { checkpointSchedule } from './checkpointSchedule.js';

type Schedule = ReturnType<typeof checkpointSchedule>;

/** Examines the events at positions `from` to `to`; those in `matching` match. @returns the checkpoints due. */
const run = (schedule: Schedule, from: number, to: number, matching: readonly number[] = []) => {
  const sent: bigint[] = [];
  for (let position = from; position <= to; position += 1) {
    const due = schedule.examined(BigInt(position), matching.includes(position));
    if (due !== undefined) sent.push(due);
  }
  return sent;
};

describe('checkpoints of a filtered subscription', () => {
  it('are sent live after every window times interval events', () => {
    const schedule = checkpointSchedule(2, 2, undefined);
    expect(schedule.started()).toBeUndefined();
    expect(schedule.caughtUp()).toBeUndefined();
    expect(run(schedule, 1, 9)).toEqual([4n, 8n]);
  });

  it('are sent when catching up after a page once enough events were examined, the start included', () => {
    const schedule = checkpointSchedule(2, 1, 100n);
    expect(schedule.started()).toBeUndefined();
    expect(run(schedule, 101, 109)).toEqual([101n, 103n, 105n, 107n, 109n]);
  });

  it('begin with the start position when a page is one event', () => {
    const schedule = checkpointSchedule(1, 1, 100n);
    expect(schedule.started()).toBe(100n);
    expect(run(schedule, 101, 102)).toEqual([101n, 102n]);
  });

  it('are sent after a page that ends at 32 matches', () => {
    const schedule = checkpointSchedule(1000, 1, undefined);
    const all = Array.from({ length: 2000 }, (_, index) => index + 1);
    expect(run(schedule, 1, 1100, all)).toEqual([1024n]);
  });

  it('are sent at the end for the last match, or the start, and never twice', () => {
    const schedule = checkpointSchedule(32, 1, 100n);
    run(schedule, 101, 109, [105]);
    expect(schedule.caughtUp()).toBe(105n);
    schedule.fellBehind();
    run(schedule, 110, 112);
    expect(schedule.caughtUp()).toBeUndefined();
    expect(checkpointSchedule(32, 1, 100n).caughtUp()).toBe(100n);
  });

  it('restart their count when the subscription goes live', () => {
    const schedule = checkpointSchedule(2, 2, undefined);
    expect(run(schedule, 1, 6)).toEqual([4n]);
    schedule.caughtUp();
    expect(run(schedule, 7, 14)).toEqual([10n, 14n]);
  });
});
