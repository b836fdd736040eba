import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { signinStream, userStream } from '@ums/contracts/streams';
import { ANY } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { holdAdvisoryLock } from '@ums/kit/single-active/advisoryLock';
import { memoryEventLog } from '../../../infra/kit/test/memoryEventLog.js';
import { until } from '../../../infra/kit/test/until.js';
import {
  accountOfUser,
  aUser,
  Crashed,
  caller,
  confirmedAs,
  liveAs,
  PASSWORD,
  registered,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { suspendUser } from '../administration/changeSuspension.js';
import { eraseUser } from '../erasure/eraseUser.js';
import { confirm } from '../registration/confirm.js';
import { type Reconciler, startReconciler } from './reconciler.js';
import { RECONCILER, reconcilerAtHead, reconcilerCheckpoint } from './reconcilerPosition.js';

let deps: TestCommands;
let keepers: Reconciler[];
beforeEach(async () => {
  deps = await testCommands();
  keepers = [];
});
afterEach(async () => {
  for (const keeper of keepers) await keeper.close();
  await deps.close();
});

const start = async (sweepEveryMs = 50): Promise<Reconciler> => {
  const keeper = await startReconciler(deps, { url: deps.url, sweepEveryMs });
  keepers.push(keeper);
  return keeper;
};
const checkpoint = async () => (await reconcilerCheckpoint.read(deps.vault))?.position;
const systemEvent = (stream: string, type: string, data = {}) =>
  deps.eventLog.append(stream, [{ id: randomUUID(), type, data, metadata: {} }], ANY);

describe('the keeper', () => {
  it('is ready once the vault knows what the log said at the start, and stands by while another one is active', async () => {
    const userId = await aUser(deps, 'ada@example.org');
    const ending = new AbortController();
    const other = { url: deps.url, key: RECONCILER, onLost: () => undefined, signal: ending.signal, log: silentLog };
    const held = await holdAdvisoryLock(other);
    await deps.vault.query('update account set revision = -1');
    const keeper = await start();
    expect(await keeper.ready()).toBe(false);
    await held.release();
    await until(() => keeper.ready());
    expect(await checkpoint()).toBeGreaterThanOrEqual(deps.eventLog.events.at(-1)?.position ?? 0n);
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '0' });
  });

  it('is ready at once on an empty log', async () => {
    const keeper = await startReconciler({ ...deps, eventLog: memoryEventLog() }, { url: deps.url });
    keepers.push(keeper);
    expect(await keeper.ready()).toBe(true);
  });

  it('stops, and is never ready again, on a log that is not the one of its checkpoint', async () => {
    const first = await start();
    await until(() => first.ready());
    await first.close();
    const errors: string[] = [];
    const log = { ...silentLog, error: (message: string) => void errors.push(message) };
    const keeper = await startReconciler({ ...deps, log, eventLog: memoryEventLog() }, { url: deps.url });
    keepers.push(keeper);
    await until(async () => errors.includes('the keeper stopped'));
    expect(await keeper.ready()).toBe(false);
  });

  it('T-08 settles a suspension whose command died after the append', async () => {
    const userId = await aUser(deps, 'ada@example.org');
    await start();
    deps.crashAfter('facts-appended');
    const dead = suspendUser(
      deps,
      { caller: liveAs(userId), userId, reason: 'spam', confirmCaller: confirmedAs(userId) },
      caller(),
    );
    await expect(dead).rejects.toBeInstanceOf(Crashed);
    await reconcilerAtHead(deps);
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'suspended', epoch: '1' });
  });

  it('completes a confirmation that died and finishes an erasure, without being asked', async () => {
    const token = await registered(deps, 'ada@example.org');
    deps.crashAfter('registration-claimed');
    await expect(confirm(deps, { token, password: PASSWORD }, caller())).rejects.toBeInstanceOf(Crashed);
    await start();
    await until(async () => deps.eventLog.events.some(({ type }) => type === 'RegistrationCompleted'));
    const userId = String(
      deps.eventLog.events.find(({ type }) => type === 'UserRegistered')?.stream.slice('user-'.length),
    );
    await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmedAs(userId) }, caller());
    await until(async () => deps.eventLog.events.some(({ type }) => type === 'UserErased'));
    await until(async () => (await deps.vault.query('select 1 from erasure')).rows.length === 0);
  });

  it('finishes an erasure at once, not at the next sweep', async () => {
    const userId = await aUser(deps, 'ada@example.org');
    await start(3_600_000);
    await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmedAs(userId) }, caller());
    await until(async () => deps.eventLog.events.some(({ type }) => type === 'UserErased'));
  });

  it('goes on from its checkpoint, past streams that are none of ours', async () => {
    const first = await start();
    await systemEvent('somebody-elses', 'Thing');
    await until(async () => (await checkpoint()) === deps.eventLog.events.at(-1)?.position);
    await first.close();
    const userId = await aUser(deps, 'ada@example.org');
    await deps.vault.query('update account set revision = -1');
    await start();
    await until(async () => (await accountOfUser(deps, userId)).revision === '0');
  });

  it('lets one at a time be active, and another take over', async () => {
    const first = await start();
    await until(() => first.ready());
    const second = await start();
    await first.close();
    const userId = await aUser(deps, 'ada@example.org');
    deps.crashAfter('facts-appended');
    const dead = suspendUser(
      deps,
      { caller: liveAs(userId), userId, reason: 'spam', confirmCaller: confirmedAs(userId) },
      caller(),
    );
    await expect(dead).rejects.toBeInstanceOf(Crashed);
    await until(async () => (await accountOfUser(deps, userId)).status === 'suspended');
    expect(await second.ready()).toBe(true);
  });

  it('ends a session that the log says is over and the vault does not', async () => {
    const userId = await aUser(deps, 'ada@example.org');
    const sessionId = randomUUID();
    await deps.vault.query(
      "insert into session (id, user_id, epoch, expires_at) values ($1, $2, 0, now() + interval '1 h')",
      [sessionId, userId],
    );
    await systemEvent(signinStream(userId), 'SessionEnded', { sessionId, reason: 'logout' });
    await systemEvent(signinStream(userId), 'SessionEnded', { sessionId: 'nonsense' });
    await start();
    await until(async () => (await deps.vault.query('select 1 from session')).rows.length === 0);
    const { rows } = await deps.vault.query('select session_id from revocation');
    expect(rows).toEqual([{ session_id: sessionId }]);
  });

  it('F-15 keeps settling everybody else when one history cannot be read', async () => {
    const broken = await aUser(deps, 'broken@example.org');
    await systemEvent(userStream(broken), 'FromTheFuture');
    await systemEvent(userStream(randomUUID()), 'UserRegistered');
    const userId = await aUser(deps, 'ada@example.org');
    await deps.vault.query('update account set revision = -1');
    await start();
    await until(async () => (await accountOfUser(deps, userId)).revision === '0');
    expect(await accountOfUser(deps, broken)).toMatchObject({ revision: '-1' });
  });

  it('tries again when the log or the vault was away', async () => {
    const userId = await aUser(deps, 'ada@example.org');
    await deps.vault.query('update account set revision = -1');
    await deps.vault.query('alter table checkpoint rename to gone');
    const errors: string[] = [];
    deps.log = { ...silentLog, error: (message) => errors.push(message) };
    await start();
    await until(async () => errors.length > 0);
    await deps.vault.query('alter table gone rename to checkpoint');
    await until(async () => (await accountOfUser(deps, userId)).revision === '0');
  });

  it('does not run: whoever needs the vault to know all is told so in time', async () => {
    await expect(reconcilerAtHead(deps)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  });
});

describe('a vault restored from a backup', () => {
  it('G-03 takes up cuts and erasures again before it is ready, and mails no second goodbye', async () => {
    await start();
    const [erased, suspended] = [await aUser(deps, 'ada@example.org'), await aUser(deps, 'bob@example.org')];
    await reconcilerAtHead(deps);
    await keepers.pop()?.close();
    const backup = await backUp();
    await start();
    await eraseUser(deps, { userId: erased, password: PASSWORD, confirmCaller: confirmedAs(erased) }, caller());
    await suspendUser(
      deps,
      { caller: liveAs(suspended), userId: suspended, reason: 'spam', confirmCaller: confirmedAs(suspended) },
      caller(),
    );
    await until(async () => deps.eventLog.events.some(({ type }) => type === 'UserErased'));
    await keepers.pop()?.close();
    await restore(backup);
    expect(await accountOfUser(deps, erased)).toMatchObject({ status: 'active' });
    const keeper = await start();
    await until(() => keeper.ready());
    expect(await accountOfUser(deps, erased)).toMatchObject({ status: 'erased' });
    expect(await accountOfUser(deps, suspended)).toMatchObject({ status: 'suspended', epoch: '1' });
    expect((await deps.keys.fresh([erased])).get(erased)).toEqual({ erased: true });
    expect((await deps.vault.query('select 1 from farewell')).rows).toEqual([]);
  });

  it('G-03 that has never heard of an erased person learns only of the erasure', async () => {
    const token = await registered(deps, 'ada@example.org');
    const backup = await backUp();
    const { userId } = await confirm(deps, { token, password: PASSWORD }, caller());
    await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmedAs(userId) }, caller());
    await restore(backup);
    const keeper = await start();
    await until(() => keeper.ready());
    expect((await deps.keys.fresh([userId])).get(userId)).toEqual({ erased: true });
    expect((await deps.vault.query('select 1 from data_key where wrapped is not null')).rows).toEqual([]);
    expect((await deps.vault.query('select 1 from registration')).rows).toEqual([]);
    await expect(confirm(deps, { token, password: PASSWORD }, caller())).rejects.toMatchObject({
      slug: 'token-invalid',
    });
  });

  it('G-05 that lost a living user’s account says so, and keeps everybody else', async () => {
    await aUser(deps, 'lost@example.org');
    await deps.vault.query('truncate account, address, session');
    const userId = await aUser(deps, 'ada@example.org');
    const faults: unknown[] = [];
    deps.log = { ...silentLog, error: (message) => faults.push(message) };
    const keeper = await start();
    await until(() => keeper.ready());
    expect(faults).toEqual(['a user has no account']);
    expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'active' });
  });

  const TABLES = ['data_key', 'account', 'address', 'registration', 'session', 'checkpoint', 'erasure', 'farewell'];

  const backUp = async (): Promise<Map<string, unknown>> => {
    const rows = new Map<string, unknown>();
    for (const table of TABLES)
      rows.set(
        table,
        (await deps.vault.query(`select coalesce(json_agg(t), '[]') as rows from ${table} t`)).rows[0].rows,
      );
    return rows;
  };
  const restore = async (backup: Map<string, unknown>) => {
    await deps.vault.query(`truncate ${TABLES.join(', ')}`);
    for (const table of TABLES)
      await deps.vault.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
        JSON.stringify(backup.get(table)),
      ]);
  };
});
