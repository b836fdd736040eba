import { type KeyObject, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@ums/contracts/events/event';
import { ERASED, type Erased } from '@ums/contracts/personal';
import { userStream } from '@ums/contracts/streams';
import { ANY, LogUnavailable } from '@ums/kit/event-log/eventLog';
import { UnknownFact } from '@ums/kit/facts/loadFacts';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { newDataKey } from '@ums/kit/sealing/sealing';
import { auditLog } from '../../../../query-api/test/audit.js';
import { type MemoryEventLog, memoryEventLog } from '../../../kit/test/memoryEventLog.js';
import { openGrant } from './openGrant.js';
import { readGrant } from './readGrant.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const [ada, eve, root] = [randomUUID(), randomUUID(), randomUUID()];

let now: number;
let eventLog: MemoryEventLog;
let found: Map<string, KeyObject | Erased>;
let audit: ReturnType<typeof auditLog>;
let grantId: string;

const deps = () => {
  const fetch: DataKeys['fetch'] = async () => found;
  const keys: DataKeys = { fetch, fresh: fetch, evict: () => undefined };
  return { eventLog, keys, masterKeys: masterKeys('a master key of the tests'), clock: { now: () => new Date(now) } };
};

beforeEach(async () => {
  now = Date.parse('2026-11-27T12:00:00.000Z');
  eventLog = memoryEventLog();
  found = new Map([ada, eve, root].map((userId) => [userId, newDataKey()]));
  audit = auditLog(deps());
  await audit.register(ada, ['user']);
  await audit.register(eve, ['user', 'auditor']);
  await audit.register(root, ['user', 'admin']);
  grantId = await audit.ask(eve, ada);
  await audit.decide(grantId, 'AccessApproved', root);
});

const isOpen = (change: { grantId?: string; readerId?: string; userId?: string } = {}) =>
  openGrant(deps(), { grantId, readerId: eve, userId: ada, ...change });
const end = async () => (await readGrant(deps(), grantId))?.now;

describe('openGrant', () => {
  it('Z-09 is open for the one who asked and the user it concerns, and no others', async () => {
    expect(await isOpen()).toBe(true);
    expect(await isOpen({ readerId: root })).toBe(false);
    expect(await isOpen({ userId: root })).toBe(false);
    expect(await isOpen({ grantId: randomUUID() })).toBe(false);
    expect(await isOpen({ grantId: 'grant' })).toBe(false);
  });

  it('Z-09 is open neither before it is approved, nor once it is refused', async () => {
    grantId = await audit.ask(eve, ada);
    expect([await isOpen(), await end()]).toEqual([false, { state: 'asked' }]);
    await audit.decide(grantId, 'AccessRefused', root);
    expect([await isOpen(), await end()]).toEqual([false, { state: 'refused' }]);
  });

  it('Z-09 ends when its minutes since the approval are over', async () => {
    now += 60 * MINUTE_MS - 1;
    expect(await isOpen()).toBe(true);
    now += 1;
    expect(await isOpen()).toBe(false);
    expect(await end()).toEqual({ state: 'ended', ended: { at: '2026-11-27T13:00:00.000Z', why: 'time' } });
  });

  it('Z-09 ends when nobody has decided for seven days', async () => {
    const waiting = await audit.ask(eve, ada);
    const state = async () => (await readGrant(deps(), waiting))?.now;
    now += 7 * DAY_MS - 1;
    expect(await state()).toEqual({ state: 'asked' });
    now += 1;
    expect(await state()).toEqual({ state: 'ended', ended: { at: '2026-12-04T12:00:00.000Z', why: 'time' } });
    expect(await isOpen({ grantId: waiting })).toBe(false);
  });

  it('Z-09 keeps a late decision and a late end of the times when a grant waited for ever', async () => {
    const [approved, refused, withdrawn] = [
      await audit.ask(eve, ada),
      await audit.ask(eve, ada),
      await audit.ask(eve, ada),
    ];
    now += 8 * DAY_MS;
    await audit.decide(approved, 'AccessApproved', root);
    await audit.decide(refused, 'AccessRefused', root);
    await audit.end(withdrawn, 'withdrawn', eve);
    const states = async () =>
      Promise.all([approved, refused, withdrawn].map(async (id) => (await readGrant(deps(), id))?.now));
    const atWithdrawal = { state: 'ended', ended: { at: '2026-12-05T12:00:00.000Z', why: 'withdrawn' } };
    expect(await states()).toEqual([{ state: 'open' }, { state: 'refused' }, atWithdrawal]);
    now += 60 * MINUTE_MS;
    const byTime = { state: 'ended', ended: { at: '2026-12-05T13:00:00.000Z', why: 'time' } };
    expect(await states()).toEqual([byTime, { state: 'refused' }, atWithdrawal]);
  });

  it.each(['withdrawn', 'revoked'] as const)('Z-09 ends when it is %s', async (reason) => {
    await audit.end(grantId, reason, eve);
    expect(await isOpen()).toBe(false);
    expect(await end()).toMatchObject({ state: 'ended', ended: { why: reason } });
  });

  it("Z-09 ends with the user's erasure", async () => {
    await audit.change(ada, { type: 'UserErasureStarted', data: {} });
    found.set(ada, ERASED);
    expect(await isOpen()).toBe(false);
    expect(await end()).toMatchObject({ state: 'ended', ended: { why: 'user-erased' } });
  });

  const LOSSES: [string, DomainEvent, DomainEvent][] = [
    ['is suspended', { type: 'UserSuspended', data: {} }, { type: 'UserReinstated', data: {} }],
    ['is erased', { type: 'UserErasureStarted', data: {} }, { type: 'UserErased', data: {} }],
    [
      'loses the role',
      { type: 'RoleRevoked', data: { role: 'auditor' } },
      { type: 'RoleGranted', data: { role: 'auditor' } },
    ],
  ];
  it.each(LOSSES)('Z-09 ends when the one who asked %s, and stays ended', async (_, loss, regain) => {
    await audit.change(eve, loss);
    expect(await isOpen()).toBe(false);
    await audit.change(eve, regain);
    expect(await isOpen()).toBe(false);
    expect(await end()).toMatchObject({ state: 'ended', ended: { why: 'asker-not-authorized' } });
  });

  it('stays open when the one who asked keeps one of the roles, and whatever they lost before', async () => {
    await audit.change(eve, { type: 'RoleGranted', data: { role: 'admin' } });
    await audit.change(eve, { type: 'RoleRevoked', data: { role: 'auditor' } });
    expect(await isOpen()).toBe(true);
    grantId = await audit.ask(eve, ada);
    await audit.decide(grantId, 'AccessApproved', root);
    expect(await isOpen()).toBe(true);
  });

  it('is not open for someone who lost the role just before asking', async () => {
    await audit.change(eve, { type: 'RoleRevoked', data: { role: 'auditor' } });
    grantId = await audit.ask(eve, ada);
    await audit.decide(grantId, 'AccessApproved', root);
    expect(await isOpen()).toBe(false);
  });

  it('F-34 Z-09 ends at once, also where the clock of who ended it is ahead', async () => {
    now += MINUTE_MS;
    await audit.end(grantId, 'revoked', root);
    now -= MINUTE_MS;
    expect(await isOpen()).toBe(false);
    grantId = await audit.ask(eve, ada);
    await audit.decide(grantId, 'AccessApproved', root);
    now += MINUTE_MS;
    await audit.change(eve, { type: 'RoleRevoked', data: { role: 'auditor' } });
    now -= MINUTE_MS;
    expect(await end()).toMatchObject({ state: 'ended', ended: { why: 'asker-not-authorized' } });
  });

  it('names the first of several ends', async () => {
    now += 10 * MINUTE_MS;
    await audit.end(grantId, 'revoked', root);
    now += 10 * MINUTE_MS;
    await audit.change(ada, { type: 'UserErasureStarted', data: {} });
    now += 240 * MINUTE_MS;
    expect(await end()).toMatchObject({ ended: { at: '2026-11-27T12:10:00.000Z', why: 'revoked' } });
  });

  it('is unknown while the log does not answer, or holds what this version cannot read', async () => {
    eventLog.refuse();
    await expect(isOpen()).rejects.toBeInstanceOf(LogUnavailable);
    const event = { id: randomUUID(), type: 'RoleRevoked.v9', data: {}, metadata: {} };
    await eventLog.append(userStream(eve), [event], ANY);
    await expect(isOpen()).rejects.toBeInstanceOf(UnknownFact);
  });
});
