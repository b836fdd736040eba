import messages, { type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, it } from '@jest/globals';
import { storedEvent } from '../../../test/sampleEvents.js';
import { eventFilter } from './eventFilter.js';

const expression = (fill: (expression: ReadReq.Options.FilterOptions.Expression) => void) => {
  const made = new messages.ReadReq.Options.FilterOptions.Expression();
  fill(made);
  return made;
};
const on = {
  stream: (fill: Parameters<typeof expression>[0]) => {
    const filter = new messages.ReadReq.Options.FilterOptions();
    filter.setStreamIdentifier(expression(fill));
    return eventFilter(filter);
  },
  type: (fill: Parameters<typeof expression>[0]) => {
    const filter = new messages.ReadReq.Options.FilterOptions();
    filter.setEventType(expression(fill));
    return eventFilter(filter);
  },
};
const event = (stream: string, type: string) =>
  storedEvent(1n, { stream: Buffer.from(stream), type: Buffer.from(type) });

describe('a filter', () => {
  it('matches any of its prefixes', () => {
    const filter = on.stream((its) => its.setPrefixList(['user-', 'ü']));
    expect(['user-1', 'ünï', 'use', '$$user-1'].map((name) => filter(event(name, 'T')))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('matches a regular expression anywhere in the text, case-sensitively', () => {
    const filter = on.type((its) => its.setRegex('Z[eo]'));
    expect(['Zed', 'aZo', 'zed'].map((type) => filter(event('s', type)))).toEqual([true, true, false]);
  });

  it('refuses an invalid regular expression', () => {
    expect(() => on.type((its) => its.setRegex('('))).toThrow('Exception was thrown by handler.');
  });
});
