import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { createLog } from '@ums/kit/log';
import { logApplied } from './logApplied.js';

const projection = {
  name: 'user_profile_v1',
  key: ({ stream }: RecordedEvent) => (stream.startsWith('user-') ? stream.slice('user-'.length) : undefined),
};
const checkpoint = { position: 90n, eventId: 'e', logId: 'l' };

const event = (stream: string, metadata: unknown = { $correlationId: 'c1' }): RecordedEvent => {
  return { id: 'e1', stream, type: 'UserRegistered', revision: 0n, position: 7n, data: { name: 'canary' }, metadata };
};

const logged = (batch: RecordedEvent[], parked = new Map<string, { position: bigint; reason: string }>()) => {
  const lines: string[] = [];
  const log = createLog({ service: 'projector', destination: { write: (line) => void lines.push(line) } });
  logApplied(log, projection, batch, { checkpoint, parked });
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
