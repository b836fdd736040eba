import { type KeyObject, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@ums/contracts/events/event';
import type { Actor } from '@ums/contracts/metadata';
import { accessStream, signinStream, userStream } from '@ums/contracts/streams';
import { ANY } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { newDataKey } from '@ums/kit/sealing/sealing';
import { type MemoryEventLog, memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import { type HistoryItem, historyItems } from './historyItems.js';

const [ada, eve] = [randomUUID(), randomUUID()];
const OWN: Actor = { kind: 'user', id: ada };
const SOURCE = { ip: '192.0.2.7', userAgent: 'canary browser' };
const registered: DomainEvent = {
  type: 'UserRegistered',
  data: {
    ...{ registrationId: randomUUID(), email: 'ada@example.org', name: 'Ada Lovelace', passwordHash: 'canary hash' },
    ...{ roles: ['user'], locale: 'en' },
  },
};

let eventLog: MemoryEventLog;
let allKeys: Map<string, KeyObject>;
beforeEach(() => {
  eventLog = memoryEventLog();
  allKeys = new Map([ada, eve].map((subject) => [subject, newDataKey()]));
});

const append = async (stream: string, events: readonly DomainEvent[], actor = OWN, reason?: string) => {
  const find = async () => allKeys;
  const keys: DataKeys = { fetch: find, fresh: find, evict: () => undefined };
  const ids = { correlationId: randomUUID(), causationId: randomUUID() };
  const cause = { ...ids, actor, source: SOURCE, ...(reason === undefined ? {} : { reason }) };
  const clock = { now: () => new Date() };
  const deps = { eventLog, keys, masterKeys: masterKeys('a master key of the tests'), clock };
  await appendFacts(deps, { stream, events, expected: ANY, cause });
};
const items = async (): Promise<HistoryItem[]> => {
  const read: HistoryItem[] = [];
  for await (const item of historyItems(eventLog, ada, allKeys.get(ada) as KeyObject)) read.push(item);
  return read;
};

describe('the history in an export', () => {
  it('G-06 has what all streams of the user hold, in clear and in the order of the log', async () => {
    const change = { changeId: randomUUID(), email: 'king@example.org', currentEmail: 'ada@example.org' };
    const session = { sessionId: randomUUID() };
    const read = { userId: ada, asked: 'history', grantId: null, reads: 2 } as const;
    await append(userStream(ada), [registered]);
    await append(signinStream(ada), [{ type: 'SessionStarted', data: session }]);
    await append(userStream(ada), [{ type: 'EmailChangeRequested', data: change }]);
    await append(accessStream(ada), [{ type: 'HistoryRead', data: read }], { kind: 'auditor', id: eve });
    await append(userStream(ada), [{ type: 'UserSuspended', data: {} }], { kind: 'admin', id: eve }, 'A complaint');
    await append(signinStream(ada), [{ type: 'SessionEnded', data: { ...session, reason: 'logout' } }]);

    const all = await items();
    expect(all.map(({ stream, type, data }) => [stream, type, data])).toEqual([
      ['user', 'UserRegistered', { ...registered.data, passwordHash: undefined }],
      ['signin', 'SessionStarted', session],
      ['user', 'EmailChangeRequested', change],
      ['access', 'HistoryRead', read],
      ['user', 'UserSuspended', {}],
      ['signin', 'SessionEnded', { ...session, reason: 'logout' }],
    ]);
    expect(JSON.stringify(all)).not.toContain('canary hash');
    expect(all[0]).toMatchObject({
      source: SOURCE,
      changes: expect.arrayContaining([expect.objectContaining({ field: 'name', after: 'Ada Lovelace' })]),
    });
    expect(all[4]).toMatchObject({
      reason: 'A complaint',
      source: { masked: true },
      actor: { kind: 'admin', id: eve },
    });
  });

  it('shows an event of a type that it does not know without its content', async () => {
    await append(userStream(ada), [registered]);
    const metadata = { ...(eventLog.events[0]?.metadata as object), source: undefined };
    await eventLog.append(userStream(ada), [{ id: randomUUID(), type: 'UserKnighted', data: { a: 1 }, metadata }], ANY);
    expect((await items())[1]).toMatchObject({ type: 'UserKnighted', data: null, changes: [] });
  });

  it('G-06 reads a history of 10,000 events in pages, none before it is needed', async () => {
    await append(userStream(ada), [registered]);
    for (let batch = 0; batch < 10; batch += 1)
      await append(
        userStream(ada),
        Array.from({ length: 1_000 }, (_, index) => ({ type: 'UserRenamed', data: { name: `Ada ${index}` } })),
      );
    const reads: number[] = [];
    let shown = 0;
    const counted: MemoryEventLog['readPart'] = async (stream, part) => {
      const page = await eventLog.readPart(stream, part);
      reads.push(page.length);
      return page;
    };
    for await (const item of historyItems({ readPart: counted }, ada, allKeys.get(ada) as KeyObject)) {
      expect(item.revision).toBe(shown);
      shown += 1;
      expect(reads.reduce((sum, page) => sum + page, 0)).toBeLessThanOrEqual(shown + 500);
    }
    expect([shown, Math.max(...reads)]).toEqual([10_001, 500]);
  });
});
