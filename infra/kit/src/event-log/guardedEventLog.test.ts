import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { memoryEventLog } from '../../test/memoryEventLog.js';
import { NO_STREAM } from './eventLog.js';
import { guardedEventLog } from './guardedEventLog.js';

const stream = `user-${randomUUID()}`;
const event = () => ({ id: randomUUID(), type: 'UserSuspended', data: {}, metadata: {} });
const outcome = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    ({ name }: Error) => name,
  );

describe('guardedEventLog', () => {
  it('F-04 stops calling a failing log, and calls it again after a successful probe', async () => {
    const inner = memoryEventLog();
    const eventLog = guardedEventLog(inner);
    inner.refuse(10);
    const calls = Array.from({ length: 10 }, () => outcome(eventLog.readStream(stream)));
    expect(await Promise.all(calls)).toEqual(Array(10).fill('LogUnavailable'));
    expect(await outcome(eventLog.readStream(stream))).toBe('DependencyUnavailable');
    expect(await outcome(inner.readStream(stream))).toBe('done');
    while ((await outcome(eventLog.readStream(stream))) !== 'done')
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await outcome(eventLog.append(stream, [event()], NO_STREAM))).toBe('done');
  });

  it('F-04 stays closed through a flood of conflicts', async () => {
    const inner = memoryEventLog();
    const eventLog = guardedEventLog(inner);
    inner.conflict(100);
    for (let attempt = 0; attempt < 100; attempt += 1)
      expect(await outcome(eventLog.append(stream, [event()], NO_STREAM))).toBe('WrongRevision');
    expect(await outcome(eventLog.append(stream, [event()], NO_STREAM))).toBe('done');
  });
});
