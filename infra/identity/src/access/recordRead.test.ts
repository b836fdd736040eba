import { type KeyObject, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ERASED, type Erased } from '@ums/contracts/personal';
import { LogUnavailable, StreamDeleted } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { newDataKey } from '@ums/kit/sealing/sealing';
import { type MemoryEventLog, memoryEventLog } from '../../../kit/test/memoryEventLog.js';
import { until } from '../../../kit/test/until.js';
import type { Principal } from '../principal.js';
import type { AuditedRead } from './appendRead.js';
import { type ReadRecorder, readRecorder } from './recordRead.js';

const MINUTE_MS = 60_000;
const [eve, ada, bob] = [randomUUID(), randomUUID(), randomUUID()];
const reader: Principal = { userId: eve, sessionId: randomUUID(), roles: ['user', 'auditor'], epoch: 0n };
const source = { ip: '192.0.2.7', userAgent: 'a test', bucket: '192.0.2.7' };

let now: number;
let eventLog: MemoryEventLog;
let found: Map<string, KeyObject | Erased>;
let recorder: ReadRecorder;
let logged: string[];

const newRecorder = (change: { checkMs?: number; maxRemembered?: number } = {}) => {
  const fetch: DataKeys['fetch'] = async () => found;
  return readRecorder({
    ...{ eventLog, masterKeys: masterKeys('a master key of the tests'), clock: { now: () => new Date(now) } },
    keys: { fetch, fresh: fetch, evict: () => undefined },
    log: { ...silentLog, error: (message) => void logged.push(message) },
    ...change,
  });
};

beforeEach(() => {
  now = Date.parse('2026-11-27T12:00:00.000Z');
  eventLog = memoryEventLog();
  found = new Map([[eve, newDataKey()]]);
  logged = [];
  recorder = newRecorder();
});
afterEach(() => recorder.close());

const read = (change: Partial<AuditedRead> = {}) =>
  recorder.recordRead({
    ...{ reader, userId: ada, asked: 'history' as const, grantId: null },
    origin: { requestId: randomUUID(), correlationId: randomUUID(), source },
    ...change,
  });

const recorded = () =>
  eventLog.events.map(({ stream, data }) => ({ stream, reads: (data as { reads: number }).reads }));

describe('recordRead', () => {
  it('Z-07 resolves once the read is in the log: who, whom, what and under which grant, with nothing in clear', async () => {
    const grantId = randomUUID();
    await read({ grantId });
    const [event] = eventLog.events;
    expect(event).toMatchObject({
      stream: `access-${ada}`,
      type: 'HistoryRead',
      data: { userId: ada, asked: 'history', grantId, reads: 1 },
      metadata: { actor: { kind: 'auditor', id: eve }, at: '2026-11-27T12:00:00.000Z' },
    });
    expect(JSON.stringify(event?.metadata)).not.toContain('192.0.2.7');
  });

  it('records reads about nobody in particular with the reader', async () => {
    await read({ userId: null, asked: 'feed' });
    expect(eventLog.events[0]).toMatchObject({ stream: `access-${eve}`, data: { userId: null, asked: 'feed' } });
  });

  it('records what users take away themselves as done by a user', async () => {
    await read({ userId: eve, asked: 'export', actor: { kind: 'user', id: eve } });
    expect(eventLog.events[0]).toMatchObject({
      ...{ stream: `access-${eve}`, data: { userId: eve, asked: 'export' } },
      metadata: { actor: { kind: 'user', id: eve } },
    });
  });

  it('Z-07 records what is read of a user whose records an operator has deleted with the reader, and fails without a place', async () => {
    const { append } = eventLog;
    eventLog.append = async (stream, events, expected) => {
      if (stream === `access-${ada}`) throw new StreamDeleted(stream);
      return append(stream, events, expected);
    };
    await read();
    expect(eventLog.events).toMatchObject([{ stream: `access-${eve}`, data: { userId: ada, asked: 'history' } }]);
    found.set(ada, newDataKey());
    const own = { reader: { ...reader, userId: ada }, asked: 'export', actor: { kind: 'user', id: ada } } as const;
    await expect(read(own)).rejects.toBeInstanceOf(LogUnavailable);
    expect(eventLog.events).toHaveLength(1);
  });

  it('Z-07 refuses a reader whose key is gone, whatever they read, and reports one who was not erased', async () => {
    const reads = [{}, { userId: null, asked: 'feed' as const }];
    found.set(eve, ERASED);
    for (const change of reads) await expect(read(change)).rejects.toMatchObject({ slug: 'unauthenticated' });
    expect(logged).toEqual([]);
    found.delete(eve);
    await expect(read()).rejects.toMatchObject({ slug: 'unauthenticated' });
    expect(logged).toEqual(['a reader has no data key']);
    expect(eventLog.events).toEqual([]);
  });

  it('records an administrator as one', async () => {
    await read({ reader: { ...reader, roles: ['auditor', 'admin'] } });
    expect(eventLog.events[0]?.metadata).toMatchObject({ actor: { kind: 'admin' } });
  });

  it('Z-07 makes of an hour of reading one event in five minutes and one at its end, which count every read', async () => {
    for (let minute = 0; minute < 60; minute += 1) {
      await read();
      now += MINUTE_MS;
    }
    expect(recorded().map(({ reads }) => reads)).toEqual([1, ...Array(11).fill(5)]);
    await recorder.close();
    expect(recorded().map(({ reads }) => reads)).toEqual([1, ...Array(11).fill(5), 4]);
  });

  it('keeps readers, users, kinds and grants apart', async () => {
    const other = { ...reader, userId: randomUUID() };
    found.set(other.userId, newDataKey());
    const kinds = [{}, { userId: bob }, { asked: 'as-of' as const }, { grantId: randomUUID() }, { reader: other }];
    for (const kind of [...kinds, ...kinds]) await read(kind);
    expect(recorded()).toHaveLength(kinds.length);
    expect(new Set(eventLog.events.map(({ id }) => id)).size).toBe(kinds.length);
  });

  it('shares one append between parallel first reads, and counts them all', async () => {
    const release = eventLog.hang();
    const reads = [read(), read(), read()];
    release();
    await Promise.all(reads);
    expect(recorded().map(({ reads: count }) => count)).toEqual([1]);
    await recorder.close();
    expect(recorded().map(({ reads: count }) => count)).toEqual([1, 2]);
  });

  it('Z-07 fails the read, and all that wait with it, while it cannot be recorded, and counts none of them', async () => {
    eventLog.refuse();
    const reads = await Promise.allSettled([read(), read()]);
    for (const result of reads) expect(result).toMatchObject({ reason: expect.any(LogUnavailable) });
    expect(recorded()).toEqual([]);
    await read();
    await read();
    await recorder.close();
    expect(recorded().map(({ reads: count }) => count)).toEqual([1, 1]);
  });

  it('keeps the count of the window before when its record fails', async () => {
    for (let i = 0; i < 3; i += 1) await read();
    now += 5 * MINUTE_MS;
    eventLog.refuse();
    await expect(read()).rejects.toBeInstanceOf(LogUnavailable);
    await read();
    expect(recorded().map(({ reads }) => reads)).toEqual([1, 3]);
  });

  it('records a read once whose answer from the log was lost', async () => {
    eventLog.dropReplies();
    await expect(read()).rejects.toBeInstanceOf(LogUnavailable);
    await read();
    expect(recorded()).toHaveLength(1);
  });

  it('refuses a reader who was erased', async () => {
    found.set(eve, ERASED);
    await expect(read()).rejects.toMatchObject({ slug: 'unauthenticated' });
  });

  it('Z-07 records what a reader read who was erased since, and lets others read meanwhile', async () => {
    recorder = newRecorder({ maxRemembered: 1 });
    const other = { ...reader, userId: randomUUID() };
    found.set(other.userId, newDataKey());
    for (let i = 0; i < 3; i += 1) await read();
    found.set(eve, ERASED);
    await read({ reader: other, userId: bob });
    expect(recorded()).toEqual([
      { stream: `access-${ada}`, reads: 1 },
      { stream: `access-${ada}`, reads: 2 },
      { stream: `access-${bob}`, reads: 1 },
    ]);
    expect(eventLog.events[1]?.metadata).toMatchObject({ actor: { kind: 'auditor', id: eve } });
    expect(eventLog.events[1]?.metadata).not.toHaveProperty('source');
  });

  it('records what was counted in a window that is over, without another read', async () => {
    recorder = newRecorder({ checkMs: 5 });
    for (let i = 0; i < 3; i += 1) await read();
    now += 10 * MINUTE_MS;
    await until(() => recorded().length === 2);
    expect(recorded().map(({ reads }) => reads)).toEqual([1, 2]);
    await read();
    expect(recorded().map(({ reads }) => reads)).toEqual([1, 2, 1]);
  });

  it('remembers a bounded number, and records the counts of those it forgets', async () => {
    recorder = newRecorder({ maxRemembered: 2 });
    for (const userId of [ada, ada, bob, randomUUID(), randomUUID()]) await read({ userId });
    expect(recorded().map(({ reads }) => reads)).toEqual([1, 1, 1, 1, 1]);
    expect(eventLog.events.filter(({ stream }) => stream === `access-${ada}`)).toHaveLength(2);
  });

  it('logs a last record that fails, and tries it again', async () => {
    recorder = newRecorder({ checkMs: 5 });
    for (let i = 0; i < 3; i += 1) await read();
    eventLog.refuse();
    now += 10 * MINUTE_MS;
    await until(() => recorded().length === 2);
    expect(logged).toEqual(['counted reads could not be recorded']);
    expect(recorded().map(({ reads }) => reads)).toEqual([1, 2]);
  });
});
