import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { grantStream } from '@ums/contracts/streams';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { grantRole } from '../../test/testAdministration.js';
import {
  confirmCallerAs,
  confirmedUser,
  PASSWORD,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { eraseUser } from '../profile/eraseUser.js';
import { sweep } from '../reconciler/sweep.js';
import { type AccessRequest, type AskDeps, askForAccess } from './askForAccess.js';
import { decideOnAccess, endAccess } from './decideOnAccess.js';
import { MOST_WAITING_GRANTS } from './takeWaitingPlace.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WAITING = expect.objectContaining({ name: 'Refused', slug: 'grants-waiting' });

let deps: TestCommands & AskDeps;
let ada: string;
let eve: string;
let mel: string;
beforeEach(async () => {
  deps = { ...(await testCommands()), recordRead: async () => undefined };
  ada = await confirmedUser(deps, 'ada@example.org');
  eve = await confirmedUser(deps, 'eve@example.org');
  mel = await confirmedUser(deps, 'mel@example.org');
  for (const auditor of [eve, mel]) await grantRole(deps, auditor, 'auditor');
});
afterEach(() => deps.close());

const ask = async (by = eve, change: Partial<AccessRequest> = {}, asking: AskDeps = deps): Promise<string> => {
  const asked = { userId: ada, purpose: 'Ticket 4711', minutes: 60, password: PASSWORD, idempotencyKey: undefined };
  const request = { ...asked, confirmCaller: confirmCallerAs(by), ...change };
  return (await askForAccess(asking, request, requestOrigin())).id;
};
const askOften = async (times: number, by = eve): Promise<string[]> => {
  const ids: string[] = [];
  for (let time = 0; time < times; time += 1) ids.push(await ask(by));
  return ids;
};
const decide = (grantId: string, decision: 'approve' | 'refuse', by = mel) =>
  decideOnAccess(deps, { grantId, decision, password: PASSWORD, confirmCaller: confirmCallerAs(by) }, requestOrigin());
const places = async () => (await deps.vault.query('select grant_id from waiting_grant')).rows.length;

describe('the grants of one asker that wait', () => {
  it('Z-10 are so many and no more, also when they are asked for at once, and others may ask', async () => {
    const asking = Array.from({ length: MOST_WAITING_GRANTS + 5 }, () => ask());
    const results = await Promise.allSettled(asking);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }) => reason)).toEqual(Array.from({ length: 5 }, () => WAITING));
    const asked = deps.eventLog.events.filter(({ type }) => type === 'AccessRequested');
    expect(asked).toHaveLength(MOST_WAITING_GRANTS);
    await expect(ask()).rejects.toMatchObject({ details: { members: { detail: expect.stringMatching(/^20 /) } } });
    await ask(mel);
  });

  it('Z-10 leave a place when one is decided or ended', async () => {
    const [approved = '', refused = '', withdrawn = '', revoked = ''] = await askOften(MOST_WAITING_GRANTS);
    await expect(ask()).rejects.toEqual(WAITING);
    await decide(approved, 'approve');
    await decide(refused, 'refuse');
    await endAccess(deps, { grantId: withdrawn, confirmCaller: confirmCallerAs(eve) }, requestOrigin());
    await endAccess(deps, { grantId: revoked, confirmCaller: confirmCallerAs(mel) }, requestOrigin());
    await askOften(4);
    await expect(ask()).rejects.toEqual(WAITING);
  });

  it('Z-10 leave their places after seven days, and when the user is erased', async () => {
    await askOften(MOST_WAITING_GRANTS);
    deps.clock.advance(7 * DAY_MS - 1);
    await expect(ask()).rejects.toEqual(WAITING);
    deps.clock.advance(1);
    await askOften(MOST_WAITING_GRANTS);
    await expect(ask()).rejects.toEqual(WAITING);
    const erased = { userId: ada, password: PASSWORD, confirmCaller: confirmCallerAs(ada) };
    await eraseUser(deps, erased, requestOrigin());
    ada = await confirmedUser(deps, 'another.ada@example.org');
    await askOften(MOST_WAITING_GRANTS);
    await expect(ask()).rejects.toEqual(WAITING);
  });

  it('F-01 Z-10 answer a repeat under one Idempotency-Key as before, however many wait', async () => {
    const idempotencyKey = randomUUID();
    const first = await ask(eve, { idempotencyKey });
    await askOften(MOST_WAITING_GRANTS - 1);
    expect(await ask(eve, { idempotencyKey })).toBe(first);
    await decide(first, 'approve');
    await askOften(1);
    expect(await ask(eve, { idempotencyKey })).toBe(first);
    await expect(ask(eve, { idempotencyKey, minutes: 30 })).rejects.toMatchObject({ slug: 'idempotency-key-reused' });
    await expect(ask(eve, { idempotencyKey: randomUUID() })).rejects.toEqual(WAITING);
  });

  it('Z-10 keep the place of a request that did not reach the log for a repeat, and for a minute', async () => {
    const idempotencyKey = randomUUID();
    await askOften(MOST_WAITING_GRANTS - 1);
    const failing: AskDeps = { ...deps, eventLog: withoutAppends() };
    await expect(ask(eve, { idempotencyKey }, failing)).rejects.toBeInstanceOf(LogUnavailable);
    await expect(ask()).rejects.toEqual(WAITING);
    const repeated = await ask(eve, { idempotencyKey });
    expect(await deps.eventLog.readStream(grantStream(repeated))).toHaveLength(1);
    await decide(repeated, 'refuse');
    await expect(ask(eve, {}, failing)).rejects.toBeInstanceOf(LogUnavailable);
    await expect(ask()).rejects.toEqual(WAITING);
    deps.clock.advance(MINUTE_MS);
    await ask();
  });

  it('Z-10 lose their places in the vault after seven days, and with the erasure of who asked', async () => {
    await askOften(2);
    deps.clock.advance(DAY_MS);
    await askOften(1, mel);
    deps.clock.advance(6 * DAY_MS);
    await sweep(deps);
    expect(await places()).toBe(1);
    const erased = { userId: mel, password: PASSWORD, confirmCaller: confirmCallerAs(mel) };
    await eraseUser(deps, erased, requestOrigin());
    expect(await places()).toBe(0);
  });
});

it('asks for a repeat where the user is erased at the same time', async () => {
  await deps.vault.query(
    'update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = $1',
    [ada],
  );
  deps.keys.evict(ada);
  await expect(ask()).rejects.toMatchObject({ slug: 'conflict', details: { retryAfterSeconds: 1 } });
});

/** The log of the tests, which takes nothing. */
const withoutAppends = (): TestCommands['eventLog'] => ({
  ...deps.eventLog,
  append: () => Promise.reject(new LogUnavailable(new Error('the log is down'))),
});
