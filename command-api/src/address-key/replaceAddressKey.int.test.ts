import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addressMac } from '@ums/identity/addressMac';
import { checkSecret } from '@ums/identity/vault/checkSecret';
import { newDataKey } from '@ums/kit/sealing/sealing';
import {
  Crashed,
  confirmedUser,
  PASSWORD,
  registrationToken,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import {
  addressStates,
  confirmChange,
  newEmailChange,
  requestChange,
  undoChange,
} from '../../test/testEmailChanges.js';
import { findAccountByAddress } from '../account/accountRow.js';
import { sweepFormerMacs } from '../account/addressRow.js';
import { deletePersonalRows } from '../erasure/deletePersonalRows.js';
import { requestMail } from '../mail-request/requestMail.js';
import { resetPassword } from '../password-reset/resetPassword.js';
import { reconcileBatch } from '../reconciler/reconcileBatch.js';
import { sweep } from '../reconciler/sweep.js';
import { confirm } from '../registration/confirm.js';
import { loadUser } from '../user/loadUser.js';
import { resetEpochOf } from '../user/userState.js';
import type { RewriteProgress, RewriteStep } from './mapAddresses.js';
import { replaceAddressKey } from './replaceAddressKey.js';

/** As `testCommands` has it. */
const OLD = Buffer.alloc(32, 7);
const NEW = randomBytes(32);
class Killed extends Error {}
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('replaceAddressKey', () => {
  let deps: TestCommands;
  beforeEach(async () => {
    deps = await testCommands();
    await checkSecret(deps.vault, 'ADDRESS_KEY', OLD);
  });
  afterEach(() => deps.close());

  const replace = (change: { secrets?: { ADDRESS_KEY: Buffer; ADDRESS_KEY_PREVIOUS: Buffer } } & Partial<Hooks> = {}) =>
    replaceAddressKey({
      ...{ vault: deps.vault, eventLog: deps.eventLog, keys: deps.keys, clock: deps.clock },
      secrets: { ADDRESS_KEY: NEW, ADDRESS_KEY_PREVIOUS: OLD },
      refuseServices: async () => undefined,
      onProgress: () => undefined,
      ...change,
    });
  interface Hooks {
    onProgress(progress: RewriteProgress): void;
    crashPoint(step: RewriteStep): Promise<void>;
    refuseServices(): Promise<void>;
  }
  /** The services, started with the new key. */
  const renewed = (): TestCommands => ({ ...deps, addressKey: createSecretKey(NEW) });
  const stateOfUser = async (userId: string) => (await loadUser(deps, userId)).state;

  it('refuses one key as both, which would replace nothing', async () => {
    await expect(replace({ secrets: { ADDRESS_KEY: OLD, ADDRESS_KEY_PREVIOUS: OLD } })).rejects.toThrow(
      'ADDRESS_KEY and ADDRESS_KEY_PREVIOUS are the same; give the new key as ADDRESS_KEY.',
    );
  });

  it('T-11 keeps every address, and the links that were mailed before, of registrations, changes and undone changes', async () => {
    const ada = await confirmedUser(deps, 'ada@example.org');
    const waiting = await registrationToken(deps, 'waiting@example.org');
    const pending = await newEmailChange(deps);
    const changed = await newEmailChange(deps);
    await confirmChange(deps, changed.change);

    expect(await replace()).toBe(true);
    const after = renewed();

    expect((await findAccountByAddress(after.vault, macOf(after, 'ada@example.org')))?.userId).toBe(ada);
    expect(await findAccountByAddress(after.vault, macOf(deps, 'ada@example.org'))).toBeUndefined();
    const taken = await registrationToken(after, 'ada@example.org', `${PASSWORD} of another`);
    await expect(
      confirm(after, { token: taken, password: `${PASSWORD} of another` }, requestOrigin()),
    ).rejects.toMatchObject({ slug: 'token-invalid' });

    const { userId } = await confirm(after, { token: waiting, password: PASSWORD }, requestOrigin());
    expect((await findAccountByAddress(after.vault, macOf(after, 'waiting@example.org')))?.userId).toBe(userId);
    expect((await confirm(after, { token: waiting, password: PASSWORD }, requestOrigin())).userId).toBe(userId);

    await confirmChange(after, pending.change);
    const emails = [pending.before, pending.after];
    expect(await addressStates(after, pending.userId, emails)).toEqual([
      `current ${pending.after}`,
      `held ${pending.before}`,
    ]);
    await undoChange(after, pending.change);
    expect(await stateOfUser(pending.userId)).toMatchObject({ email: pending.before });

    expect(await addressStates(after, changed.userId, [changed.before, changed.after])).toEqual([
      `current ${changed.after}`,
      `held ${changed.before}`,
    ]);
    await undoChange(after, changed.change);
    expect(await addressStates(after, changed.userId, [changed.before])).toEqual([`current ${changed.before}`]);
  });

  it('T-11 keeps the link that was mailed before to set a new password', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    const request = () => requestMail(deps, { email: 'ada@example.org', purpose: 'reset-password' }, requestOrigin());
    await request();
    const [epoch, expires] = [resetEpochOf(await stateOfUser(userId)), new Date(deps.clock.now().getTime() + HOUR_MS)];
    const mac = macOf(deps, 'ada@example.org');
    const token = deps.mailTokens.issue({ purpose: 'reset', ids: [userId], addressMac: mac, expires, epoch });
    await request();
    await replace();
    const newPassword = `${PASSWORD} of today`;
    expect(await resetPassword(renewed(), { token, newPassword }, requestOrigin())).toMatchObject({ userId });
    await sweepFormerMacs(deps.vault, new Date(expires.getTime() + HOUR_MS));
    expect((await deps.vault.query('select from address where former_mac is not null')).rowCount).toBe(0);
  });

  it('keeps claims whose event is not appended yet, of registrations and of changes', async () => {
    const token = await registrationToken(deps, 'claimed@example.org');
    deps.crashAfter('registration-claimed');
    await expect(confirm(deps, { token, password: PASSWORD }, requestOrigin())).rejects.toBeInstanceOf(Crashed);
    const { userId, after, change } = await newEmailChange(deps);
    deps.crashAfter('address-claimed');
    await expect(confirmChange(deps, change)).rejects.toBeInstanceOf(Crashed);

    await replace();
    await reconcileBatch(renewed(), deps.eventLog.events);
    await sweep(renewed(), { claimAgeMs: 0 });
    expect((await findAccountByAddress(deps.vault, macOf(renewed(), 'claimed@example.org')))?.status).toBe('active');
    expect((await findAccountByAddress(deps.vault, macOf(renewed(), after)))?.userId).toBe(userId);
  });

  it('keeps the wish for another mail of an address that waits, and drops what no address is known for', async () => {
    await registrationToken(deps, 'again@example.org');
    for (const email of ['again@example.org', 'nobody@example.org'])
      await requestMail(deps, { email, purpose: 'confirm-registration' }, requestOrigin());
    await replace();
    const { rows } = await deps.vault.query('select address_mac from mail_request');
    expect(rows).toEqual([{ address_mac: macOf(renewed(), 'again@example.org') }]);
    const counted = await deps.vault.query(
      'select from attempt union all select from known_source union all select from request_count',
    );
    expect(counted.rowCount).toBe(0);
  });

  it('F-26 keeps the block of an address that mails came back from, and drops those that no address is known for', async () => {
    await confirmedUser(deps, 'blocked@example.org');
    for (const email of ['blocked@example.org', 'nobody@example.org'])
      await deps.vault.query(`insert into mail_block (mac, kind) values ($1, 'bounce')`, [macOf(deps, email)]);
    await replace();
    const { rows } = await deps.vault.query('select mac, kind from mail_block');
    expect(rows).toEqual([{ mac: macOf(renewed(), 'blocked@example.org'), kind: 'bounce' }]);
  });

  it('drops a registration and a change whose events were never appended', async () => {
    const { userId } = await newEmailChange(deps);
    const lost = randomUUID();
    const { wrapped, masterKeyId } = deps.masterKeys.wrap(lost, newDataKey());
    await deps.vault.query('insert into data_key (subject, wrapped, master_key_id) values ($1, $2, $3)', [
      ...[lost, wrapped, masterKeyId],
    ]);
    await deps.vault.query(
      `insert into registration (id, address_mac, expires_at) values ($1, $2, now() + interval '1 day')`,
      [lost, macOf(deps, 'lost@example.org')],
    );
    await deps.vault.query(
      `insert into email_change (id, user_id, address_mac, expires_at)
       values (gen_random_uuid(), $1, $2, now() + interval '1 day')`,
      [userId, macOf(deps, 'unasked@example.org')],
    );
    await replace();
    expect((await deps.vault.query('select from registration where id = $1', [lost])).rowCount).toBe(0);
    expect((await deps.vault.query('select from data_key where subject = $1', [lost])).rowCount).toBe(0);
    expect((await deps.vault.query('select from email_change')).rowCount).toBe(1);
  });

  it('G-01 forgets MACs of the old key with their rows, and once no link needs them', async () => {
    const { userId, change } = await newEmailChange(deps);
    await confirmedUser(deps, 'plain@example.org');
    await replace();
    const former = async () =>
      (await deps.vault.query('select from address where former_mac is not null')).rowCount ?? 0;
    expect(await former()).toBe(1);
    expect((await deps.vault.query('select from address_rewrite')).rowCount).toBe(0);
    await sweepFormerMacs(deps.vault, new Date(deps.clock.now().getTime() + 6 * DAY_MS));
    expect(await former()).toBe(1);
    await sweepFormerMacs(deps.vault, new Date(deps.clock.now().getTime() + 8 * DAY_MS));
    expect(await former()).toBe(0);
    await expect(undoChange(renewed(), change)).rejects.toMatchObject({ slug: 'token-invalid' });
    await deps.vault.query(
      `insert into address_rewrite (old_mac, new_mac) select mac, mac from address where user_id = $1`,
      [userId],
    );
    await deletePersonalRows(deps.vault, renewed(), { userId, registrationId: undefined });
    expect((await deps.vault.query('select from address_rewrite')).rowCount).toBe(0);
  });

  it.each<RewriteStep>(['batch-mapped', 'all-mapped', 'rows-switched'])(
    'leaves the vault under one of the keys when it is killed after %s, and the next run finishes',
    async (step) => {
      await confirmedUser(deps, 'ada@example.org');
      const waiting = await registrationToken(deps, 'waiting@example.org');
      const kill = async (reached: RewriteStep) => {
        if (reached === step) throw new Killed();
      };
      await expect(replace({ crashPoint: kill })).rejects.toBeInstanceOf(Killed);
      const isSwitched = step === 'rows-switched';
      const key = isSwitched ? NEW : OLD;
      await expect(checkSecret(deps.vault, 'ADDRESS_KEY', key)).resolves.toBeUndefined();
      if (!isSwitched) {
        // The services can start with the old key in between; what they add is found by the next run.
        expect(await findAccountByAddress(deps.vault, macOf(deps, 'ada@example.org'))).toBeDefined();
        await confirmedUser(deps, 'between@example.org');
      }
      const progress: RewriteProgress[] = [];
      expect(await replace({ onProgress: (one) => progress.push(one) })).toBe(!isSwitched);
      if (step === 'all-mapped') expect(progress[0]).toMatchObject({ done: 0, total: 2 });
      for (const email of isSwitched ? ['ada@example.org'] : ['ada@example.org', 'between@example.org'])
        expect(await findAccountByAddress(deps.vault, macOf(renewed(), email))).toBeDefined();
      await confirm(renewed(), { token: waiting, password: PASSWORD }, requestOrigin());
      await expect(checkSecret(deps.vault, 'ADDRESS_KEY', OLD)).rejects.toThrow('ADDRESS_KEY is not the secret');
      expect(await replace()).toBe(false);
    },
  );

  it('computes again with another new key', async () => {
    await confirmedUser(deps, 'ada@example.org');
    const kill = async (step: RewriteStep) => {
      if (step === 'all-mapped') throw new Killed();
    };
    const secrets = { ADDRESS_KEY: randomBytes(32), ADDRESS_KEY_PREVIOUS: OLD };
    await expect(replace({ secrets, crashPoint: kill })).rejects.toBeInstanceOf(Killed);
    await replace();
    expect(await findAccountByAddress(deps.vault, macOf(renewed(), 'ada@example.org'))).toBeDefined();
  });

  it('K-01 refuses another old key, an address that the log does not have, and one that is added at the end', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    const secrets = { ADDRESS_KEY: NEW, ADDRESS_KEY_PREVIOUS: randomBytes(32) };
    await expect(replace({ secrets })).rejects.toThrow(
      'ADDRESS_KEY_PREVIOUS is not the secret this vault was made with.',
    );
    const foreign = macOf(deps, 'foreign@example.org');
    const add = () => deps.vault.query('insert into address (mac, user_id) values ($1, $2)', [foreign, userId]);
    await add();
    await expect(replace()).rejects.toThrow(`The log does not have an address of address ${userId} in the vault`);
    await deps.vault.query('delete from address where mac = $1', [foreign]);
    let checks = 0;
    const count = async () => {
      checks += 1;
    };
    const addLast = async (step: RewriteStep) => {
      if (step === 'all-mapped') await add();
    };
    await expect(replace({ refuseServices: count, crashPoint: addLast })).rejects.toThrow(
      'An address was added meanwhile',
    );
    expect(checks).toBe(2);
    await expect(checkSecret(deps.vault, 'ADDRESS_KEY', OLD)).resolves.toBeUndefined();
    expect(await findAccountByAddress(deps.vault, macOf(deps, 'ada@example.org'))).toBeDefined();
  });

  it('lets a second change of the address wait for its own link', async () => {
    const { userId, change } = await newEmailChange(deps);
    const second = await requestChange(deps, userId, 'second@example.org');
    await replace();
    await expect(confirmChange(renewed(), change)).rejects.toMatchObject({ slug: 'token-invalid' });
    await confirmChange(renewed(), second);
    expect((await findAccountByAddress(deps.vault, macOf(renewed(), 'second@example.org')))?.userId).toBe(userId);
  });
});

const macOf = (deps: Pick<TestCommands, 'addressKey'>, email: string): Buffer => addressMac(deps.addressKey, email);
