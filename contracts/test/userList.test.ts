import { describe, expect, it } from '@jest/globals';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { eventRecord } from '@ums/contracts/kafka/eventRecord';
import { REPLAY_TOPIC } from '@ums/contracts/kafka/topics';
import type { Message } from '@ums/contracts/messages/message';
import fc from 'fast-check';
import { userList } from '../public/consumer/userList.mjs';
import { type PublishedStep, publishedHistory } from './publishedHistory.js';

const steps = publishedHistory();
const take = (list: ReturnType<typeof userList>, record: BrokerRecord) => list.take(record.topic.name, record);
const replayed = (message: Message) => eventRecord(message, REPLAY_TOPIC) as BrokerRecord;
const ERASURE = steps.findIndex(({ event }) => event.headers.ce_type === 'users.erased.v1');
const usersAfter = (count: number) => steps.slice(0, count).at(-1)?.state;
const expected = (count: number) => [usersAfter(count) ?? []].flat();

describe('userList, the example of a consumer', () => {
  it('lists the states of the state topic', () => {
    const list = userList();
    for (const [index, { stateAfter }] of steps.entries()) {
      expect(take(list, stateAfter)).toBe('applied');
      expect(list.users()).toEqual(expected(index + 1));
    }
  });

  it('takes each event as news once, although the states after them came first', () => {
    const list = userList();
    for (const { stateAfter } of steps) take(list, stateAfter);
    expect(steps.map(({ event }) => [take(list, event), take(list, event)])).toEqual(
      steps.map(() => ['applied', 'repeated']),
    );
  });

  it('changes no user by an event', () => {
    const list = userList();
    for (const { event } of steps.slice(0, 5)) take(list, event);
    expect(list.users()).toEqual([]);
    take(list, (steps[4] as PublishedStep).stateAfter);
    for (const { event } of steps.slice(5, 8)) take(list, event);
    expect(list.users()).toEqual(expected(5));
  });

  it('reports a gap, and takes the missing events from the replay topic once', () => {
    const list = userList();
    const [known, lost, next] = [steps.slice(0, 2), steps.slice(2, 4), steps[4] as PublishedStep];
    for (const { event } of known) take(list, event);
    expect(take(list, next.event)).toBe('gap');
    const replay = () => steps.slice(0, 6).map(({ message }) => take(list, replayed(message)));
    const none = known.map(() => 'repeated');
    expect(replay()).toEqual([...none, ...lost.map(() => 'applied'), 'repeated', 'repeated']);
    expect(replay()).toEqual(Array(6).fill('repeated'));
    expect(take(list, (steps[5] as PublishedStep).event)).toBe('applied');
  });

  it('G-02 does not bring back a user whose events are published again without the erasure', () => {
    const list = userList();
    for (const { message } of steps.slice(0, ERASURE)) expect(take(list, replayed(message))).toBe('repeated');
    expect(list.users()).toEqual([]);
  });

  it.each<[string, (step: PublishedStep) => BrokerRecord]>([
    ['the event topic, after a gap', ({ event }) => event],
    ['the replay topic', ({ message }) => replayed(message)],
  ])('G-02 removes a user whose erasure it reads in %s', (_topic, erasureOf) => {
    const list = userList();
    const before = steps.slice(0, ERASURE - 1);
    for (const { event, stateAfter } of before) for (const record of [stateAfter, event]) take(list, record);
    expect(list.users()).not.toEqual([]);
    take(list, erasureOf(steps[ERASURE] as PublishedStep));
    expect(list.users()).toEqual([]);
    for (const { event, stateAfter } of before)
      expect([take(list, event), take(list, stateAfter)]).toEqual(['repeated', 'repeated']);
    expect(list.users()).toEqual([]);
  });

  it('G-02 removes an erased user, and no repeat brings the user back', () => {
    const list = userList();
    for (const { stateAfter } of steps) take(list, stateAfter);
    expect(list.users()).toEqual([]);
    for (const { event, stateAfter } of steps.slice(0, ERASURE))
      expect([take(list, event), take(list, stateAfter)]).toEqual(['applied', 'repeated']);
    expect(list.users()).toEqual([]);
  });

  it('ignores messages of types that it does not know, and counts their revisions', () => {
    const list = userList();
    const [first, { event, stateAfter }] = steps as [PublishedStep, PublishedStep];
    for (const record of [first.stateAfter, first.event]) take(list, record);
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
