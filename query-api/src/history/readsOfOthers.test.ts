import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ERASED } from '@ums/contracts/personal';
import { userStream } from '@ums/contracts/streams';
import type { AuditedRead } from '@ums/identity/access/appendRead';
import type { Principal } from '@ums/identity/principal';
import { ANY, LogUnavailable } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { type MemoryEventLog, memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import type { HistoryDeps } from './historyDeps.js';
import { NOW } from './moment.js';
import { pastProfile } from './pastProfile.js';
import { userHistory } from './userHistory.js';

const [living, gone] = [randomUUID(), randomUUID()];
const reader: Principal = { userId: randomUUID(), sessionId: randomUUID(), roles: ['auditor'], epoch: 0n };
const origin = { requestId: randomUUID(), correlationId: randomUUID(), source: { ip: '', userAgent: '', bucket: '' } };
const query = { limit: 50, order: 'desc' } as const;

let eventLog: MemoryEventLog;
let reads: AuditedRead[];
beforeEach(async () => {
  eventLog = memoryEventLog();
  reads = [];
  for (const userId of [living, gone]) {
    const metadata = {
      $correlationId: 'c',
      $causationId: 'c',
      actor: { kind: 'service' },
      at: new Date(0).toISOString(),
    };
    const type = userId === gone ? 'UserErasureStarted' : 'UserSuspended';
    await eventLog.append(userStream(userId), [{ id: randomUUID(), type, data: {}, metadata }], ANY);
  }
});

const deps = (recordRead: HistoryDeps['recordRead']): HistoryDeps => {
  const fetch: HistoryDeps['keys']['fetch'] = async (subjects) => new Map([...subjects].map((one) => [one, ERASED]));
  const keys = { fetch, fresh: fetch, evict: () => undefined };
  return { eventLog, keys, clock: { now: () => new Date(0) }, log: silentLog, recordRead };
};
const asked = (userId: string) => ({ reader, userId, grantId: undefined, origin });

describe('reads of another person', () => {
  it('Z-07 are answered only once they are on record, also when they are refused because the user is erased', async () => {
    const refusing = deps(() => Promise.reject(new LogUnavailable()));
    for (const userId of [living, gone])
      await expect(userHistory(refusing, asked(userId), query)).rejects.toBeInstanceOf(LogUnavailable);
    await expect(pastProfile(refusing, asked(gone), NOW)).rejects.toBeInstanceOf(LogUnavailable);
  });

  it('Z-07 are recorded with what was asked', async () => {
    const recording = deps(async (read) => void reads.push(read));
    await userHistory(recording, asked(living), query);
    await expect(pastProfile(recording, asked(gone), NOW)).rejects.toMatchObject({ slug: 'user-erased' });
    await expect(pastProfile(recording, asked(randomUUID()), NOW)).rejects.toMatchObject({ slug: 'not-found' });
    expect(reads).toEqual([
      { reader, userId: living, asked: 'history', grantId: null, origin },
      { reader, userId: gone, asked: 'as-of', grantId: null, origin },
    ]);
  });
});
