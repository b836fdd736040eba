import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MailBlockKind } from '@ums/contracts/events/mailBounced';
import { registrationStream, userStream } from '@ums/contracts/streams';
import { isMailBlocked } from '@ums/identity/vault/mailBlocks';
import { WrongRevision } from '@ums/kit/event-log/eventLog';
import { withTransaction } from '@ums/kit/postgres/transaction';
import { until } from '../../../infra/kit/test/until.js';
import {
  addressMacOf,
  Crashed,
  confirmedUser,
  newestRegistration,
  PASSWORD,
  registrationToken,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { confirmChange, requestChange, undoChange } from '../../test/testEmailChanges.js';
import { findAccountByAddress } from '../account/accountRow.js';
import { claimAddress } from '../account/addressClaim.js';
import { addRegistrationMailBlock } from '../account/unprovenMailBlock.js';
import { eraseAccount } from '../erasure/eraseAccount.js';
import { reconcileToHead } from '../reconciler/reconcileToHead.js';
import { sweep } from '../reconciler/sweep.js';
import { confirm } from '../registration/confirm.js';
import { loadUser, profileOf } from '../user/loadUser.js';
import { recordBounce } from './recordBounce.js';

const newEmail = (): string => `${randomUUID()}@example.org`;

describe('F-26 a mail that came back', () => {
  let deps: TestCommands;
  beforeAll(async () => {
    deps = await testCommands();
  });
  afterAll(() => deps.close());

  const record = (
    email: string,
    kind: MailBlockKind = 'bounce',
    feedbackId: string = randomUUID(),
    at = deps.clock.now(),
  ) => recordBounce(deps, { kind, feedbackId, email, at }, { id: randomUUID() });
  const isBlocked = (email: string) => isMailBlocked(deps.vault, addressMacOf(deps, email));
  const typesOf = async (stream: string) => (await deps.eventLog.readStream(stream)).map(({ type }) => type);
  const waitingForLocks = async () => {
    const { rows } = await deps.vault.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows[0]?.count;
  };
  const blockOf = async (userId: string) => profileOf(await loadUser(deps, userId)).mailBlock;

  it('is a fact of the user with the address sealed, and stops mail to it', async () => {
    const email = newEmail();
    const userId = await confirmedUser(deps, email);
    expect(await record(email, 'complaint')).toBe('recorded');
    const [event] = (await deps.eventLog.readStream(userStream(userId))).slice(-1);
    expect(event).toMatchObject({
      ...{
        type: 'MailBounced',
        data: { kind: 'complaint', address: 'current', email: expect.stringMatching(/^v1\./) },
      },
      metadata: { actor: { kind: 'service', id: 'mail-feedback' } },
    });
    expect(JSON.stringify(event?.data)).not.toContain(email);
    expect([await isBlocked(email), await blockOf(userId)]).toEqual([
      true,
      { kind: 'complaint', since: expect.any(String) },
    ]);
    // The account is settled: no later start has to catch up.
    expect((await findAccountByAddress(deps.vault, addressMacOf(deps, email)))?.revision).toBe(event?.revision);
  });

  it('is recorded once, however often and at the same time it is reported', async () => {
    const email = newEmail();
    const userId = await confirmedUser(deps, email);
    const feedbackId = randomUUID();
    const outcomes = await Promise.all([1, 2, 3].map(() => record(email, 'bounce', feedbackId)));
    outcomes.push(await record(email, 'bounce', feedbackId));
    expect(outcomes.at(-1)).toBe('known');
    expect((await typesOf(userStream(userId))).filter((type) => type === 'MailBounced')).toHaveLength(1);
    expect(await record(email, 'complaint')).toBe('recorded');
    expect(await record(email, 'bounce')).toBe('recorded');
    const { rows } = await deps.vault.query('select kind from mail_block where mac = $1', [addressMacOf(deps, email)]);
    expect(rows).toEqual([{ kind: 'complaint' }]);
  });

  it('ends when the user proves another address, or the address before again, and no copy of the report renews it', async () => {
    const [email, next] = [newEmail(), newEmail()];
    const userId = await confirmedUser(deps, email);
    const [current, requested] = [randomUUID(), randomUUID()];
    const change = await requestChange(deps, userId, next);
    const reportedAt = deps.clock.now();
    expect([await record(email, 'bounce', current), await record(next, 'bounce', requested)]).toEqual([
      ...['recorded', 'recorded'],
    ]);
    expect([await isBlocked(email), await isBlocked(next)]).toEqual([true, true]);
    deps.clock.advance(1_000);
    await confirmChange(deps, change);
    expect([await isBlocked(email), await isBlocked(next), await blockOf(userId)]).toEqual([true, false, undefined]);
    expect([await record(next, 'bounce', requested, reportedAt), await isBlocked(next)]).toEqual(['known', false]);
    expect(await record(email, 'complaint')).toBe('recorded');
    expect(await blockOf(userId)).toBeUndefined();
    await undoChange(deps, change);
    expect([await isBlocked(email), await record(email, 'bounce', current), await isBlocked(email)]).toEqual([
      ...[false, 'known', false],
    ]);
  });

  it('E-03 stops mail to an address that a user asks for, and leaves no trace that the user can read', async () => {
    const [taken, free] = [newEmail(), newEmail()];
    const owner = await confirmedUser(deps, taken);
    const userId = await confirmedUser(deps, newEmail());
    for (const email of [taken, free]) await requestChange(deps, userId, email);
    const before = await loadUser(deps, userId);
    expect([await record(taken), await record(free), await record(free)]).toEqual(['recorded', 'recorded', 'known']);
    expect([await isBlocked(taken), await isBlocked(free)]).toEqual([true, true]);
    expect(await loadUser(deps, userId)).toEqual(before);
    expect(await typesOf(userStream(owner))).toEqual(['UserRegistered.v2', 'MailBounced']);
    // A complaint counts for more, and stays.
    expect([await record(free, 'complaint'), await record(free)]).toEqual(['recorded', 'known']);
    deps.clock.advance(86_400_001);
    await sweep(deps);
    expect([await isBlocked(taken), await isBlocked(free), await record(free)]).toEqual([true, false, 'unmatched']);
  });

  it('E-03 is a fact of the owner if the address is proven while the report is recorded', async () => {
    const email = newEmail();
    const userId = await confirmedUser(deps, newEmail());
    const change = await requestChange(deps, userId, email);
    const mac = addressMacOf(deps, email);
    // The report waits for the claim that holds the account.
    const adding = await withTransaction(deps.vault, async (tx) => {
      await claimAddress(tx, { mac, userId, changeId: change.changeId, undoes: false });
      const waiting = { done: record(email) };
      await until(async () => (await waitingForLocks()) === 1);
      return waiting;
    });
    expect([await adding.done, await isBlocked(email)]).toEqual(['recorded', true]);
    expect((await typesOf(userStream(userId))).at(-1)).toBe('MailBounced');
    await confirmChange(deps, change);
    expect(await isBlocked(email)).toBe(false);
  });

  it('stops mail at the repeat of a notice that crashed between the event and the row', async () => {
    const email = newEmail();
    await confirmedUser(deps, email);
    const feedbackId = randomUUID();
    deps.crashAfter('facts-appended');
    await expect(record(email, 'bounce', feedbackId)).rejects.toThrow(Crashed);
    expect(await isBlocked(email)).toBe(false);
    expect([await record(email, 'bounce', feedbackId), await isBlocked(email)]).toEqual(['known', true]);
    const waiting = newEmail();
    await registrationToken(deps, waiting);
    deps.crashAfter('bounce-appended');
    await expect(record(waiting, 'bounce', feedbackId)).rejects.toThrow(Crashed);
    expect(await isBlocked(waiting)).toBe(false);
    expect([await record(waiting, 'bounce', feedbackId), await isBlocked(waiting)]).toEqual(['known', true]);
  });

  it('stops mail after a crash also if the notice never comes again', async () => {
    const email = newEmail();
    await confirmedUser(deps, email);
    deps.crashAfter('facts-appended');
    await expect(record(email)).rejects.toThrow(Crashed);
    await reconcileToHead(deps);
    expect(await isBlocked(email)).toBe(true);
  });

  it('does not stop mail to an address that is proven while the report is recorded', async () => {
    const [email, other] = [newEmail(), newEmail()];
    const token = await registrationToken(deps, email);
    const registrationId = await newestRegistration(deps, email);
    const block = { mac: addressMacOf(deps, email), kind: 'bounce', registrationId } as const;
    // The confirmation waits for the report that holds the registration, and ends its block.
    const confirming = await withTransaction(deps.vault, async (tx) => {
      await tx.query('select from registration where id = $1 for share', [registrationId]);
      const waiting = { done: confirm(deps, { token, password: PASSWORD }, requestOrigin()) };
      await until(async () => (await waitingForLocks()) === 1);
      await tx.query(`insert into mail_block (mac, kind) values ($1, 'bounce')`, [block.mac]);
      return waiting;
    });
    await confirming.done;
    expect(await isBlocked(email)).toBe(false);
    // The row of a completed registration stays until it expires.
    await addRegistrationMailBlock(deps.vault, block);
    expect(await isBlocked(email)).toBe(false);

    // The report waits for the confirmation that holds the registration, and adds no block.
    await registrationToken(deps, other);
    const late = { ...block, mac: addressMacOf(deps, other), registrationId: await newestRegistration(deps, other) };
    const userId = await confirmedUser(deps, newEmail());
    const adding = await withTransaction(deps.vault, async (tx) => {
      await tx.query('select from registration where id = $1 for update', [late.registrationId]);
      const waiting = { done: addRegistrationMailBlock(deps.vault, late) };
      await until(async () => (await waitingForLocks()) === 1);
      await tx.query('insert into address (mac, user_id) values ($1, $2)', [late.mac, userId]);
      return waiting;
    });
    await adding.done;
    expect(await isBlocked(other)).toBe(false);
  });

  it('stores nothing about an address that nobody has', async () => {
    const email = newEmail();
    const before = deps.eventLog.events.length;
    expect([await record(email), await isBlocked(email)]).toEqual(['unmatched', false]);
    expect(deps.eventLog.events).toHaveLength(before);
  });

  it('is a fact of the newest waiting registration, which can still be confirmed and proves the address again', async () => {
    const email = newEmail();
    await registrationToken(deps, email);
    const token = await registrationToken(deps, email);
    const registrationId = await newestRegistration(deps, email);
    const feedbackId = randomUUID();
    expect(await record(email, 'bounce', feedbackId)).toBe('recorded');
    expect(await record(email, 'bounce', feedbackId)).toBe('known');
    expect(await isBlocked(email)).toBe(true);
    const reportedAt = deps.clock.now();
    deps.clock.advance(1_000);
    const { userId } = await confirm(deps, { token, password: PASSWORD }, requestOrigin());
    expect(await typesOf(registrationStream(registrationId))).toEqual([
      ...['RegistrationRequested.v2', 'MailBounced', 'RegistrationCompleted'],
    ]);
    expect([await isBlocked(email), await blockOf(userId)]).toEqual([false, undefined]);
    expect((await confirm(deps, { token, password: PASSWORD }, requestOrigin())).userId).toBe(userId);
    // A late copy of the report is about a mail before the proof.
    expect([await record(email, 'bounce', feedbackId, reportedAt), await isBlocked(email)]).toEqual(['known', false]);
    // A repeat of the confirmation is no proof that the address gets mail after another report.
    await record(email);
    await confirm(deps, { token, password: PASSWORD }, requestOrigin());
    expect([await isBlocked(email), await blockOf(userId)]).toEqual([
      true,
      expect.objectContaining({ kind: 'bounce' }),
    ]);
  });

  it('is a fact of the registration while the account is being confirmed', async () => {
    const email = newEmail();
    const token = await registrationToken(deps, email);
    const registrationId = await newestRegistration(deps, email);
    deps.crashAfter('registration-claimed');
    await expect(confirm(deps, { token, password: PASSWORD }, requestOrigin())).rejects.toThrow(Crashed);
    expect(await record(email)).toBe('recorded');
    await confirm(deps, { token, password: PASSWORD }, requestOrigin());
    expect(await typesOf(registrationStream(registrationId))).toContain('MailBounced');
    expect(await isBlocked(email)).toBe(false);
  });

  it('is gone with the erasure of its user, who then gets no last mail', async () => {
    const email = newEmail();
    const userId = await confirmedUser(deps, email);
    await record(email);
    const { revision = 0n, position = 0n } = await loadUser(deps, userId);
    await eraseAccount(deps, {
      ...{ userId, revision, position, startedAt: deps.clock.now(), finishedAt: undefined },
      ...{ address: email, registrationId: undefined },
    });
    const { rows } = await deps.vault.query('select from farewell where user_id = $1', [userId]);
    expect([await isBlocked(email), rows.length, await record(email)]).toEqual([false, 0, 'unmatched']);
  });

  it('is forgotten once its registration has expired', async () => {
    const email = newEmail();
    await registrationToken(deps, email);
    await record(email);
    await sweep(deps);
    expect(await isBlocked(email)).toBe(true);
    deps.clock.advance(86_400_001);
    await sweep(deps);
    expect(await isBlocked(email)).toBe(false);
  });

  it('is refused for now when others change the user all the time', async () => {
    const email = newEmail();
    await confirmedUser(deps, email);
    const { append } = deps.eventLog;
    const eventLog = {
      ...deps.eventLog,
      append: async (...args: Parameters<typeof append>) => {
        throw new WrongRevision(args[0], args[2], undefined);
      },
    };
    const bounce = { kind: 'bounce' as const, feedbackId: randomUUID(), email, at: deps.clock.now() };
    await expect(recordBounce({ ...deps, eventLog }, bounce, { id: randomUUID() })).rejects.toMatchObject({
      slug: 'busy',
    });
    expect(await isBlocked(email)).toBe(false);
  });
});
