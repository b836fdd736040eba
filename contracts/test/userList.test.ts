import { describe, expect, it } from '@jest/globals';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import fc from 'fast-check';
import { userList } from '../public/consumer/userList.mjs';
import { type PublishedStep, publishedHistory } from './publishedHistory.js';

const steps = publishedHistory();
const take = (list: ReturnType<typeof userList>, record: BrokerRecord) => list.take(record.topic.name, record);
const usersAfter = (count: number) => steps.slice(0, count).at(-1)?.state;
const expected = (count: number) => [usersAfter(count) ?? []].flat();

describe('userList, the example of a consumer', () => {
  it('folds the event topic to the states of the service', () => {
    const list = userList();
    for (const [index, { event }] of steps.entries()) {
      expect(take(list, event)).toBe('applied');
      expect(list.users()).toEqual(expected(index + 1));
    }
  });

  it('takes the states of the state topic, and continues with the events after them', () => {
    const list = userList();
    expect(take(list, (steps[4] as PublishedStep).stateAfter)).toBe('applied');
    expect(list.users()).toEqual(expected(5));
    expect(steps.map(({ event }) => take(list, event))).toEqual([
      ...Array(5).fill('repeated'),
      ...Array(5).fill('applied'),
    ]);
  });

  it('reports a gap, and is right again after the next state', () => {
    const list = userList();
    for (const index of [0, 1, 3]) take(list, (steps[index] as PublishedStep).event);
    expect(take(list, (steps[4] as PublishedStep).event)).toBe('gap');
    expect(list.users()).toEqual(expected(2));
    expect(take(list, (steps[4] as PublishedStep).stateAfter)).toBe('applied');
    expect(list.users()).toEqual(expected(5));
  });

  it('G-02 removes a user whose erasure follows a gap', () => {
    const erasure = steps.findIndex(({ event }) => event.headers.ce_type === 'users.erased.v1');
    const list = userList();
    for (const { event } of steps.slice(0, erasure - 1)) take(list, event);
    expect(list.users()).not.toEqual([]);
    expect(take(list, (steps[erasure] as PublishedStep).event)).toBe('applied');
    expect(list.users()).toEqual([]);
    for (const { event, stateAfter } of steps.slice(0, erasure))
      expect([take(list, event), take(list, stateAfter)]).toEqual(['repeated', 'repeated']);
    expect(list.users()).toEqual([]);
  });

  it('G-02 removes an erased user, and no repeat brings the user back', () => {
    const list = userList();
    for (const { stateAfter } of steps) take(list, stateAfter);
    expect(list.users()).toEqual([]);
    for (const { event, stateAfter } of steps.slice(0, 8))
      expect([take(list, event), take(list, stateAfter)]).toEqual(['repeated', 'repeated']);
    expect(list.users()).toEqual([]);
  });

  it('ignores messages of types that it does not know, and counts their revisions', () => {
    const list = userList();
    take(list, (steps[0] as PublishedStep).event);
    const { event, stateAfter } = steps[1] as PublishedStep;
    const as = (record: BrokerRecord, type: string) => ({ ...record, headers: { ...record.headers, ce_type: type } });
    expect(take(list, as(stateAfter, 'users.state.v2'))).toBe('unknown');
    expect(take(list, as(event, 'users.moved.v1'))).toBe('applied');
    expect(take(list, (steps[2] as PublishedStep).event)).toBe('applied');
    expect(list.users()).toEqual(expected(1));
  });

  it('ends in the right state whatever the topics repeat and however they interleave', () => {
    const arrival = fc.array(fc.tuple(fc.nat(steps.length - 1), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(arrival, fc.integer({ min: 1, max: steps.length }), (arrivals, count) => {
        const list = userList();
        for (const [index, isState] of arrivals.filter(([index]) => index < count)) {
          const { event, stateAfter } = steps[index] as PublishedStep;
          take(list, isState ? stateAfter : event);
        }
        take(list, (steps[count - 1] as PublishedStep).stateAfter);
        expect(list.users()).toEqual(expected(count));
      }),
    );
  });
});
