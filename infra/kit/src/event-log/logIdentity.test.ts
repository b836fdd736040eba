import { describe, expect, it } from '@jest/globals';
import { LOG_IDENTITY_STREAM } from '@ums/contracts/streams';
import { memoryEventLog } from '../../test/memoryEventLog.js';
import { LogUnavailable } from './eventLog.js';
import { logIdentity, readLogIdentity } from './logIdentity.js';

describe('logIdentity', () => {
  it('is written once and the same for ever', async () => {
    const log = memoryEventLog();
    expect(await readLogIdentity(log)).toBeUndefined();
    const id = await logIdentity(log);
    expect(await logIdentity(log)).toBe(id);
    expect(await readLogIdentity(log)).toBe(id);
    expect(log.events.map(({ stream, revision }) => [stream, revision])).toEqual([[LOG_IDENTITY_STREAM, 0n]]);
  });

  it('is one for all that start at once', async () => {
    const log = memoryEventLog();
    const ids = await Promise.all(Array.from({ length: 20 }, () => logIdentity(log)));
    expect(new Set(ids).size).toBe(1);
    expect(log.events).toHaveLength(1);
  });

  it('is not made up while the log is away', async () => {
    const log = memoryEventLog();
    log.refuse();
    await expect(logIdentity(log)).rejects.toBeInstanceOf(LogUnavailable);
    log.conflict();
    await expect(logIdentity(log)).rejects.toMatchObject({ name: 'WrongRevision' });
    expect(log.events).toEqual([]);
  });
});
