import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isMailBlocked } from '@ums/identity/vault/mailBlocks';
import { silentLog } from '@ums/kit/log';
import { until } from '../../../infra/kit/test/until.js';
import { suspensionOf } from '../../test/testAdministration.js';
import {
  accountOfUser,
  addressMacOf,
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  registrationToken,
  requestOrigin,
  type TestCommands,
} from '../../test/testCommands.js';
import { addressStates, confirmChange, requestChange } from '../../test/testEmailChanges.js';
import { type TestReconcilers, testReconcilers } from '../../test/testReconcilers.js';
import { suspendUser } from '../administration/changeSuspension.js';
import { endMailBlock } from '../administration/endMailBlock.js';
import { receiptOf } from '../erasure/receiptRow.js';
import { recordBounce } from '../mail-feedback/recordBounce.js';
import { eraseUser } from '../profile/eraseUser.js';
import { confirm } from '../registration/confirm.js';
import { reconcileToHead } from './reconcileToHead.js';

let reconcilers: TestReconcilers;
let deps: TestCommands;
beforeEach(async () => {
  reconcilers = await testReconcilers();
  deps = reconcilers.deps;
});
afterEach(() => reconcilers.close());

const TABLES = [
  ...['data_key', 'account', 'address', 'registration', 'session', 'checkpoint', 'erasure', 'farewell'],
  ...['erasure_receipt', 'receipt_statement', 'mail_block'],
];

const backUp = async (): Promise<Map<string, unknown>> => {
  const backup = new Map<string, unknown>();
  for (const table of TABLES) {
    const { rows } = await deps.vault.query(`select coalesce(json_agg(t), '[]') as rows from ${table} t`);
    backup.set(table, rows[0].rows);
  }
  return backup;
};

const restore = async (backup: Map<string, unknown>) => {
  await deps.vault.query(`truncate ${TABLES.join(', ')} cascade`);
  for (const table of TABLES)
    await deps.vault.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(backup.get(table)),
    ]);
};

const waitingRegistrationsOf = async (email: string): Promise<number> => {
  const mac = addressMacOf(deps, email);
  return (await deps.vault.query('select from registration where address_mac = $1', [mac])).rowCount ?? 0;
};

const erase = (userId: string) =>
  eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());

describe('a vault restored from a backup', () => {
  it('G-03 applies suspensions and erasures again before it is ready, and records no second erasure notice', async () => {
    const beforeBackup = await reconcilers.start();
    const [erased, suspended] = [
      await confirmedUser(deps, 'ada@example.org'),
      await confirmedUser(deps, 'bob@example.org'),
    ];
    await reconcileToHead(deps);
    await beforeBackup.close();
    const backup = await backUp();
    const afterBackup = await reconcilers.start();
    const { receipt } = await erase(erased);
    await suspendUser(
      deps,
      { caller: liveCallerOf(suspended), userId: suspended, reason: 'spam', confirmCaller: confirmCallerAs(suspended) },
      requestOrigin(),
    );
    await until(async () => deps.eventLog.events.some(({ type }) => type === 'UserErased'));
    await afterBackup.close();
    await restore(backup);
    expect(await accountOfUser(deps, erased)).toMatchObject({ status: 'active' });
    const reconciler = await reconcilers.start();
    await until(() => reconciler.ready());
    expect(await accountOfUser(deps, erased)).toMatchObject({ status: 'erased' });
    expect(await accountOfUser(deps, suspended)).toMatchObject({ status: 'suspended', epoch: '1' });
    expect((await deps.keys.fresh([erased])).get(erased)).toEqual({ erased: true });
    expect((await deps.vault.query('select 1 from farewell')).rows).toEqual([]);
    const again = await receiptOf(deps.vault, erased);
    expect(again).not.toBe(receipt);
    const finished = deps.eventLog.events.find(({ type }) => type === 'UserErased')?.metadata as { at: string };
    const { rows } = await deps.vault.query('select * from erasure_receipt');
    expect(rows).toEqual([expect.objectContaining({ receipt: again, finished_at: new Date(finished.at) })]);
  });

  it('G-03 gets only the tombstone of a user who was registered and erased after the backup', async () => {
    const token = await registrationToken(deps, 'ada@example.org');
    const backup = await backUp();
    const { userId } = await confirm(deps, { token, password: PASSWORD }, requestOrigin());
    const { receipt } = await erase(userId);
    await restore(backup);
    const reconciler = await reconcilers.start();
    await until(() => reconciler.ready());
    expect((await deps.keys.fresh([userId])).get(userId)).toEqual({ erased: true });
    expect((await deps.vault.query('select 1 from data_key where wrapped is not null')).rows).toEqual([]);
    expect((await deps.vault.query('select 1 from registration')).rows).toEqual([]);
    expect(await receiptOf(deps.vault, userId)).not.toBe(receipt);
    await expect(confirm(deps, { token, password: PASSWORD }, requestOrigin())).rejects.toMatchObject({
      slug: 'token-invalid',
    });
  });

  it('E-05 gets the addresses of a user who changed theirs after the backup', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    const backup = await backUp();
    await confirmChange(deps, await requestChange(deps, userId, 'king@example.org'));
    await restore(backup);
    const emails = ['ada@example.org', 'king@example.org'];
    expect(await addressStates(deps, userId, emails)).toEqual(['current ada@example.org']);
    const reconciler = await reconcilers.start();
    await until(() => reconciler.ready());
    expect(await addressStates(deps, userId, emails)).toEqual(['current king@example.org', 'held ada@example.org']);
  });

  it('F-26 gets the mail blocks of after the backup, and loses those that have ended since', async () => {
    const emails = ['ada@example.org', 'bob@example.org', 'eve@example.org'] as const;
    const [ada, bob, eve] = emails;
    const ids = [];
    for (const email of emails) ids.push(await confirmedUser(deps, email));
    const bounce = (email: string) =>
      recordBounce(deps, { kind: 'bounce', feedbackId: email, email, at: deps.clock.now() }, { id: randomUUID() });
    const blocked = async () =>
      Promise.all(emails.map((email) => isMailBlocked(deps.vault, addressMacOf(deps, email))));
    await bounce(bob);
    const backup = await backUp();
    await bounce(ada);
    await endMailBlock(deps, suspensionOf(ids[0] ?? '', ids[1] ?? ''), requestOrigin());
    // Somebody else has this address by now.
    await bounce(eve);
    await confirmChange(deps, await requestChange(deps, ids[2] ?? '', 'king@example.org'));
    await restore(backup);
    await deps.vault.query('update address set user_id = $1 where mac = $2', [ids[0], addressMacOf(deps, eve)]);
    expect(await blocked()).toEqual([false, true, false]);
    const reconciler = await reconcilers.start();
    await until(() => reconciler.ready());
    expect(await blocked()).toEqual([true, false, false]);
  });

  it('G-05 settles a user whose data key is lost, apart from the addresses', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    const backup = await backUp();
    await confirmChange(deps, await requestChange(deps, userId, 'king@example.org'));
    await suspendUser(deps, suspensionOf(userId, userId), requestOrigin());
    await restore(new Map(backup).set('data_key', []));
    deps.keys.evict(userId);
    const reconciler = await reconcilers.start();
    await until(() => reconciler.ready());
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'suspended', address_from: '0' });
    expect(await addressStates(deps, userId, ['ada@example.org'])).toEqual(['current ada@example.org']);
  });

  it('G-05 lets the address of a user who confirmed after the backup register anew', async () => {
    const email = 'ada@example.org';
    const token = await registrationToken(deps, email);
    const backup = await backUp();
    const { userId } = await confirm(deps, { token, password: PASSWORD }, requestOrigin());
    await restore(backup);
    deps.keys.evict(userId);
    const reconciler = await reconcilers.start();
    await until(() => reconciler.ready());
    const refused = expect.objectContaining({ slug: 'token-invalid' });
    await expect(confirm(deps, { token, password: PASSWORD }, requestOrigin())).rejects.toEqual(refused);
    expect(await waitingRegistrationsOf(email)).toBe(0);
    expect(await confirmedUser(deps, email)).not.toBe(userId);
  });

  it('G-05 logs a user whose account is lost, and settles the others', async () => {
    await confirmedUser(deps, 'lost@example.org');
    await deps.vault.query('truncate account, address, session, known_source, email_change, waiting_grant');
    const userId = await confirmedUser(deps, 'ada@example.org');
    const errors: string[] = [];
    const reconciler = await reconcilers.start({
      log: { ...silentLog, error: (message) => void errors.push(message) },
    });
    await until(() => reconciler.ready());
    expect(errors).toEqual(['user has events but no account']);
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'active' });
  });
});
