import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { createLog, type Log } from '@ums/kit/log';
import { logApplied, logListed } from './logApplied.js';

const projection = {
  name: 'user_profile_v1',
  key: ({ stream }: RecordedEvent) => (stream.startsWith('user-') ? stream.slice('user-'.length) : undefined),
};
const checkpoint = { position: 90n, eventId: 'e', logId: 'l' };

const event = (stream: string, metadata: unknown = { $correlationId: 'c1' }): RecordedEvent => {
  return { id: 'e1', stream, type: 'UserRegistered', revision: 0n, position: 7n, data: { name: 'canary' }, metadata };
};

type Parked = Map<string, { position: bigint; reason: string }>;

const logged = (batch: RecordedEvent[], parked: Parked = new Map()) =>
  linesOf((log) => logApplied(log, projection, batch, { checkpoint, parked }));

const linesOf = (write: (log: Log) => void) => {
  const lines: string[] = [];
  write(createLog({ service: 'projector', destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => {
    const { level, time, service, ...fields } = JSON.parse(line);
    return fields;
  });
};

describe('logApplied', () => {
  it('L-01 logs each event of the projection with its user and the correlation id of its request, and no content', () => {
    const ids = { userId: 'u1', eventId: 'e1', projection: 'user_profile_v1', type: 'UserRegistered' };
    expect(logged([event('user-u1'), event('signin-u1'), event('user-u1', {})])).toEqual([
      { msg: 'event projected', ...ids, correlationId: 'c1', revision: '0', position: '7' },
      { msg: 'event projected', ...ids, revision: '0', position: '7' },
    ]);
  });

  it('logs one line for a large batch', () => {
    expect(logged(Array.from({ length: 21 }, () => event('user-u1')))).toEqual([
      { msg: 'events projected', projection: 'user_profile_v1', count: 21, position: '90' },
    ]);
  });

  it('logs a parked key instead of its events', () => {
    const parked = new Map([['u1', { position: 7n, reason: 'reducer' }]]);
    expect(logged([event('user-u1')], parked)).toEqual([
      { msg: 'key parked', projection: 'user_profile_v1', userId: 'u1', position: '7', reason: 'reducer' },
    ]);
  });
});

describe('logListed', () => {
  it('logs each event that has no row, by its id', () => {
    const parked: Parked = new Map([['e1', { position: 7n, reason: 'undecodable UserRenamed metadata' }]]);
    expect(linesOf((log) => logListed(log, 'audit_event_v1', { parked, unfilled: [] }))).toEqual([
      {
        ...{ msg: 'event parked', projection: 'audit_event_v1', eventId: 'e1', position: '7' },
        reason: 'undecodable UserRenamed metadata',
      },
    ]);
  });

  it('warns of a gap that stays, by its stream', () => {
    const unfilled = [{ event: { ...event('user-u1'), revision: 5n }, from: 3n }];
    expect(linesOf((log) => logListed(log, 'audit_event_v1', { parked: new Map(), unfilled }))).toEqual([
      {
        ...{ msg: 'the log does not hold the events before this revision', projection: 'audit_event_v1' },
        ...{ stream: 'user-u1', revision: '5', expected: '3', position: '7' },
      },
    ]);
  });
});
