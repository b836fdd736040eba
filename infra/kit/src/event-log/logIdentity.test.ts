import { describe, expect, it } from '@jest/globals';
import { LOG_IDENTITY_STREAM } from '@ums/contracts/streams';
import { memoryEventLog } from '../../test/memoryEventLog.js';
import { LogUnavailable } from './eventLog.js';
import { logIdentity, readLogIdentity } from './logIdentity.js';

describe('logIdentity', () => {
  it('is written once and never changes', async () => {
    const eventLog = memoryEventLog();
    expect(await readLogIdentity(eventLog)).toBeUndefined();
    const id = await logIdentity(eventLog);
    expect(await logIdentity(eventLog)).toBe(id);
    expect(await readLogIdentity(eventLog)).toBe(id);
    expect(eventLog.events.map(({ stream, revision }) => [stream, revision])).toEqual([[LOG_IDENTITY_STREAM, 0n]]);
  });

  it('is the same for all processes that start at once', async () => {
    const eventLog = memoryEventLog();
    const ids = await Promise.all(Array.from({ length: 20 }, () => logIdentity(eventLog)));
    expect(new Set(ids).size).toBe(1);
    expect(eventLog.events).toHaveLength(1);
  });

  it('is not invented while the log is unavailable', async () => {
    const eventLog = memoryEventLog();
    eventLog.refuse();
    await expect(logIdentity(eventLog)).rejects.toBeInstanceOf(LogUnavailable);
    eventLog.conflict();
    await expect(logIdentity(eventLog)).rejects.toMatchObject({ name: 'WrongRevision' });
    expect(eventLog.events).toEqual([]);
  });
});
