import shared from '@eventstore/db-client/generated/shared_pb.js';
import messages, { type ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { parseReadRequest } from './parseReadRequest.js';

const { Options } = messages.ReadReq;
const empty = () => new shared.Empty();

const request = (...parts: ((options: ReadReq.Options) => void)[]) => {
  const options = new Options();
  for (const part of parts) part(options);
  const message = new messages.ReadReq();
  message.setOptions(options);
  return message;
};

const uuid = (options: ReadReq.Options) => {
  const form = new Options.UUIDOption();
  form.setString(empty());
  options.setUuidOption(form);
};
const structuredUuid = (options: ReadReq.Options) => {
  const form = new Options.UUIDOption();
  form.setStructured(empty());
  options.setUuidOption(form);
};
const stream =
  (name = 's', fill: (its: ReadReq.Options.StreamOptions) => void = (its) => its.setStart(empty())) =>
  (options: ReadReq.Options) => {
    const its = new Options.StreamOptions();
    const identifier = new shared.StreamIdentifier();
    identifier.setStreamName(Buffer.from(name));
    its.setStreamIdentifier(identifier);
    fill(its);
    options.setStream(its);
  };
const all =
  (fill: (its: ReadReq.Options.AllOptions) => void = (its) => its.setStart(empty())) =>
  (options: ReadReq.Options) => {
    const its = new Options.AllOptions();
    fill(its);
    options.setAll(its);
  };
const position = (commit: string, prepare: string) =>
  all((its) => {
    const from = new Options.Position();
    from.setCommitPosition(commit);
    from.setPreparePosition(prepare);
    its.setPosition(from);
  });
const count = (options: ReadReq.Options) => options.setCount('5');
const subscription = (options: ReadReq.Options) => options.setSubscription(new Options.SubscriptionOptions());
const noFilter = (options: ReadReq.Options) => options.setNoFilter(empty());
const backwards = (options: ReadReq.Options) => options.setReadDirection(Options.ReadDirection.BACKWARDS);
const filter =
  (fill: (its: ReadReq.Options.FilterOptions) => void = (its) => its.setCount(empty()), interval = 1) =>
  (options: ReadReq.Options) => {
    const its = new Options.FilterOptions();
    its.setEventType(new Options.FilterOptions.Expression());
    its.setCheckpointintervalmultiplier(interval);
    fill(its);
    options.setFilter(its);
  };
const compatible = (options: ReadReq.Options) => {
  const control = new Options.ControlOption();
  control.setCompatibility(1);
  options.setControlOption(control);
};

const read = (...parts: ((options: ReadReq.Options) => void)[]) => parseReadRequest(request(...parts));

describe('a read request', () => {
  it('is parsed as one of four kinds', () => {
    expect(read(stream(), count, noFilter, uuid)).toMatchObject({ kind: 'stream', from: 'start', count: 5n });
    expect(read(all(), count, noFilter, uuid)).toMatchObject({ kind: 'all', filter: undefined });
    expect(read(stream(), subscription, noFilter, uuid)).toMatchObject({ kind: 'stream subscription' });
    expect(read(all(), subscription, filter(), uuid)).toMatchObject({
      kind: 'all subscription',
      filter: { window: 32, interval: 1 },
    });
  });

  it('contains the form of ids and whether the client wants the last revision', () => {
    expect(read(stream(), count, noFilter, structuredUuid, compatible)).toMatchObject({
      uuid: 'structured',
      wantsLastRevision: true,
    });
    expect(read(stream(), count, noFilter, uuid)).toMatchObject({ uuid: 'string', wantsLastRevision: false });
  });

  it('uses the largest number as the end', () => {
    const largest = '18446744073709551615';
    const from = (...parts: Parameters<typeof read>) => read(...parts, count, noFilter, uuid).from;
    expect(from(stream('s', (its) => its.setRevision(largest)))).toBe('end');
    expect(from(stream('s', (its) => its.setEnd(empty())))).toBe('end');
    expect(from(stream('s', (its) => its.setRevision('7')))).toBe(7n);
    expect(from(position(largest, largest))).toBe('end');
    expect(from(all((its) => its.setEnd(empty())))).toBe('end');
    expect(from(position('7', '7'))).toEqual({ commit: 7n, prepare: 7n });
  });

  it('contains the window and the interval of the filter', () => {
    const windowed = filter((its) => its.setMax(4), 2);
    expect(read(all(), subscription, windowed, uuid)).toMatchObject({ filter: { window: 4, interval: 2 } });
    expect(read(all(), count, filter(), uuid)).toMatchObject({ kind: 'all', filter: expect.any(Function) });
  });

  it.each<[string, ((options: ReadReq.Options) => void)[], string]>([
    ['no filter option', [stream(), count], '(Stream, Count, Forwards, None)'],
    ['no count', [stream(), noFilter], '(Stream, None, Forwards, NoFilter)'],
    ['no subject', [count, noFilter], '(None, Count, Forwards, NoFilter)'],
    ['a filter on a stream', [stream(), count, filter()], '(Stream, Count, Forwards, Filter)'],
    ['a filter without a window', [all(), count, filter(() => undefined)], '(All, Count, Forwards, Filter)'],
    [
      'a subscription backwards',
      [all(), subscription, noFilter, backwards],
      '(All, Subscription, Backwards, NoFilter)',
    ],
  ])('is refused with %s', (_, parts, combination) => {
    expect(() => read(...parts, uuid)).toThrow(`The combination of ${combination} is invalid.`);
  });

  it.each<[string, ((options: ReadReq.Options) => void)[]]>([
    ['no form of ids', [stream(), count, noFilter]],
    ['an empty name', [stream(''), count, noFilter, uuid]],
    ['a prepare position beyond the commit position', [position('5', '6'), count, noFilter, uuid]],
    ['an interval of 0', [all(), subscription, filter(undefined, 0), uuid]],
  ])('fails with "Exception was thrown by handler" for %s', (_, parts) => {
    expect(() => read(...parts)).toThrow(expect.objectContaining({ code: status.UNKNOWN }));
  });

  it('fails with "Exception was thrown by handler" without options', () => {
    expect(() => parseReadRequest(new messages.ReadReq())).toThrow('Exception was thrown by handler.');
  });
});
