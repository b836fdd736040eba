import { describe, expect, it } from '@jest/globals';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { eventRecord } from '@ums/contracts/kafka/eventRecord';
import { stateOrigin, stateRecord } from '@ums/contracts/kafka/stateRecord';
import { type Message, toMessage } from '@ums/contracts/messages/message';
import type { PublicContent } from '@ums/contracts/messages/publicContent';
import { type PublicState, publicState } from '@ums/contracts/reducers/publicState';
import fc from 'fast-check';
import { userList } from '../public/consumer/userList.mjs';
import { fixtureNames, readFixture } from './fixture.js';

interface Step {
  event: BrokerRecord;
  stateAfter: BrokerRecord;
  state: PublicState | undefined;
}

/** The history of the user in the fixtures, as it is published. */
const history = (): Step[] => {
  const messages = fixtureNames()
    .map((name) => toMessage(readFixture(name).recorded) as Message)
    .filter(({ content }) => content !== undefined)
    .sort((one, other) => Number(one.pointer.revision - other.pointer.revision));
  let state: PublicState | undefined;
  return messages.map((message) => {
    state = publicState(state, message.content as PublicContent);
    const origin = stateOrigin(message) as NonNullable<ReturnType<typeof stateOrigin>>;
    return { event: eventRecord(message) as BrokerRecord, stateAfter: stateRecord(origin, state), state };
  });
};

const steps = history();
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
    expect(take(list, (steps[4] as Step).stateAfter)).toBe('applied');
    expect(list.users()).toEqual(expected(5));
    expect(steps.map(({ event }) => take(list, event))).toEqual([...Array(5).fill('repeated'), ...Array(5).fill('applied')]);
  });

  it('reports a gap, and is right again after the next state', () => {
    const list = userList();
    for (const index of [0, 1, 3]) take(list, (steps[index] as Step).event);
    expect(take(list, (steps[4] as Step).event)).toBe('gap');
    expect(list.users()).toEqual(expected(2));
    expect(take(list, (steps[4] as Step).stateAfter)).toBe('applied');
    expect(list.users()).toEqual(expected(5));
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
    take(list, (steps[0] as Step).event);
    const { event, stateAfter } = steps[1] as Step;
    const as = (record: BrokerRecord, type: string) => ({ ...record, headers: { ...record.headers, ce_type: type } });
    expect(take(list, as(stateAfter, 'users.state.v2'))).toBe('unknown');
    expect(take(list, as(event, 'users.moved.v1'))).toBe('applied');
    expect(take(list, (steps[2] as Step).event)).toBe('applied');
    expect(list.users()).toEqual(expected(1));
  });

  it('ends in the right state whatever the topics repeat and however they interleave', () => {
    const arrival = fc.array(fc.tuple(fc.nat(steps.length - 1), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(arrival, fc.integer({ min: 1, max: steps.length }), (arrivals, count) => {
        const list = userList();
        for (const [index, isState] of arrivals.filter(([index]) => index < count)) {
          const { event, stateAfter } = steps[index] as Step;
          take(list, isState ? stateAfter : event);
        }
        take(list, (steps[count - 1] as Step).stateAfter);
        expect(list.users()).toEqual(expected(count));
      }),
    );
  });
});
