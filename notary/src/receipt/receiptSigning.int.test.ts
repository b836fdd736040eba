import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PUBLISHER } from '@ums/contracts/kafka/publisher';
import { statementOf } from '@ums/contracts/proof/erasureReceipt';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import type { Log } from '@ums/kit/log';
import { silentLog } from '@ums/kit/log';
import { metricsText } from '@ums/kit/metrics';
import type { Query, Statement } from '@ums/kit/postgres/guardedQuery';
import { migrate } from '@ums/kit/postgres/migrate';
import type pg from 'pg';
import { testDatabase } from '../../../infra/embedded/test/postgres.js';
import { testVault } from '../../../infra/identity/test/vault.js';
import { patientPool } from '../../../infra/kit/test/patientPool.js';
import { notaryMetrics } from '../checkpoint/notaryMetrics.js';
import { notaryKeys } from '../note/notaryKeys.js';
import { receiptSigning } from './receiptSigning.js';

const STARTED = new Date('2026-01-01T12:00:00.000Z');
const DAY_MS = 86_400_000;
const PENDING_SECONDS = 60;
const newKeys = () => notaryKeys({ name: 'ums/test', key: randomBytes(32).toString('base64') });

let vault: Awaited<ReturnType<typeof testVault>>;
let database: Awaited<ReturnType<typeof testDatabase>>;
let read: pg.Pool;
beforeAll(async () => {
  [vault, database] = await Promise.all([testVault(), testDatabase('users')]);
  const dir = join(import.meta.dirname, '../../../projector/migrations');
  await migrate({ url: database.url, dir, schema: 'read', log: silentLog });
  read = patientPool(database.url);
});
afterAll(async () => {
  await read.end();
  await Promise.all([vault.close(), database.drop()]);
});

let now: Date;
let statements: string[];
let isDown: boolean;
beforeEach(async () => {
  await vault.pool.query('truncate erasure_receipt cascade');
  await read.query('truncate read.checkpoint');
  await read.query('insert into read.checkpoint (name, position, log_id) values ($1, 5, $2)', [
    USER_PROFILE_PROJECTION,
    randomUUID(),
  ]);
  [now, statements, isDown] = [new Date('2026-01-01T12:00:01.000Z'), [], false];
});

const counted =
  (pool: pg.Pool): Query =>
  async <R extends pg.QueryResultRow>({ values, ...statement }: Statement): Promise<R[]> => {
    statements.push(statement.name);
    if (isDown) throw new Error('down');
    return (await pool.query<R>({ ...statement, values: [...values] })).rows;
  };

const signing = (change: { keys?: ReturnType<typeof newKeys>; log?: Log } = {}) =>
  receiptSigning({
    ...{ vault: counted(vault.pool), read: counted(read), clock: { now: () => now } },
    ...{ keys: newKeys(), backupDays: 30, pendingSeconds: PENDING_SECONDS, metrics: notaryMetrics(), log: silentLog },
    ...change,
  });

/** As an erasure does. @returns its id */
const addReceipt = async (): Promise<string> => {
  const receipt = randomUUID();
  await vault.pool.query(
    `insert into erasure_receipt (receipt, user_id, position, started_at, vault_erased_at) values ($1, $2, 5, $3, $3)`,
    [receipt, randomUUID(), STARTED],
  );
  await vault.pool.query('insert into receipt_statement (receipt, look_at) values ($1, $2)', [receipt, now]);
  return receipt;
};
const finish = (receipt: string, column: string) =>
  vault.pool.query(`update erasure_receipt set ${column} = $2 where receipt = $1`, [receipt, now]);
const noteOf = async (receipt: string): Promise<string> => {
  const { rows } = await vault.pool.query('select note from receipt_statement where receipt = $1', [receipt]);
  return rows[0].note;
};
const statedOf = async (receipt: string) => JSON.parse(statementOf(await noteOf(receipt)));
const later = (ms: number): void => {
  now = new Date(now.getTime() + ms);
};

describe('receiptSigning', () => {
  it('G-11 signs each state of a receipt until it is complete, and says when backups are due', async () => {
    const receipt = await addReceipt();
    const notary = signing();
    await notary.look(false);
    expect(await statedOf(receipt)).toMatchObject({
      ...{ format: 'ums-erasure-receipt.v1', receipt, startedAt: STARTED.toISOString(), complete: false },
      steps: { keyDestroyed: { state: 'done' }, readModels: { state: 'done' }, pictures: { state: 'pending' } },
    });
    for (const column of ['pictures_deleted_at', 'mail_records_deleted_at', 'disk_rewritten_at'])
      await finish(receipt, column);
    const due = new Date(now.getTime() + 30 * DAY_MS);
    later(PENDING_SECONDS * 1_000);
    await notary.look(false);
    const backupsDue = { state: 'pending', at: due.toISOString() };
    expect(await statedOf(receipt)).toMatchObject({ complete: false, steps: { backupsDue } });
    now = due;
    await notary.look(false);
    expect(await statedOf(receipt)).toMatchObject({ complete: true, steps: { backupsDue: { state: 'done' } } });
    const { rows } = await vault.pool.query('select look_at from receipt_statement');
    expect(rows).toEqual([{ look_at: null }]);
  });

  it('G-11 states the time at which it first saw that the read models and the topic had come past the erasure', async () => {
    await read.query('update read.checkpoint set position = 4');
    const receipt = await addReceipt();
    const stepsAfter = async (seconds: number) => {
      later(seconds * 1_000);
      await signing().look(false);
      const { readModels, topicTombstone } = (await statedOf(receipt)).steps;
      return { readModels, topicTombstone };
    };
    const pending = { state: 'pending', at: null };
    const none = { state: 'not-applicable', at: null };
    expect(await stepsAfter(0)).toEqual({ readModels: pending, topicTombstone: none });
    await read.query('update read.checkpoint set position = 5');
    const readModels = { state: 'done', at: new Date(now.getTime() + PENDING_SECONDS * 1_000).toISOString() };
    expect(await stepsAfter(PENDING_SECONDS)).toEqual({ readModels, topicTombstone: none });
    await read.query('insert into read.checkpoint (name, position, log_id) values ($1, 4, $2)', [
      PUBLISHER,
      randomUUID(),
    ]);
    expect(await stepsAfter(PENDING_SECONDS)).toEqual({ readModels, topicTombstone: pending });
    await read.query('update read.checkpoint set position = 6');
    const topicTombstone = { state: 'done', at: new Date(now.getTime() + PENDING_SECONDS * 1_000).toISOString() };
    expect(await stepsAfter(PENDING_SECONDS)).toEqual({ readModels, topicTombstone });
    expect(await stepsAfter(PENDING_SECONDS)).toEqual({ readModels, topicTombstone });
  });

  it('G-11 F-12 states no rows as deleted before a read of the log has shown that the read models miss no event', async () => {
    const receipt = await addReceipt();
    const whole = `${USER_PROFILE_PROJECTION}_whole`;
    await read.query('insert into read.checkpoint (name, position, log_id) values ($1, 4, $2)', [whole, randomUUID()]);
    await signing().look(false);
    expect((await statedOf(receipt)).steps.readModels).toEqual({ state: 'pending', at: null });
    await read.query('update read.checkpoint set position = 5 where name = $1', [whole]);
    later(PENDING_SECONDS * 1_000);
    await signing().look(false);
    expect((await statedOf(receipt)).steps.readModels).toMatchObject({ state: 'done' });
  });

  it('keeps the signature of a state that has not changed, also under another key', async () => {
    const receipt = await addReceipt();
    await signing().look(false);
    const note = await noteOf(receipt);
    later(PENDING_SECONDS * 1_000);
    await signing().look(false);
    expect(await noteOf(receipt)).toBe(note);
    await finish(receipt, 'pictures_deleted_at');
    later(PENDING_SECONDS * 1_000);
    await signing().look(false);
    expect(await noteOf(receipt)).not.toBe(note);
  });

  it('asks nothing while no receipt is due, unless a checkpoint was signed', async () => {
    const notary = signing();
    await notary.look(false);
    statements = [];
    later(40 * DAY_MS);
    await notary.look(false);
    expect(statements).toEqual([]);
    const receipt = await addReceipt();
    await notary.look(true);
    expect(await statedOf(receipt)).toMatchObject({ receipt });
    statements = [];
    later(PENDING_SECONDS * 1_000 - 1);
    await notary.look(false);
    expect(statements).toEqual([]);
    later(1);
    await notary.look(false);
    expect(statements).toEqual(expect.arrayContaining(['find-due-receipts', 'find-progress-of-erasures']));
  });

  it('signs many receipts a part at a time', async () => {
    await vault.pool.query(
      `with added as (
         insert into erasure_receipt (receipt, user_id, position, started_at, vault_erased_at)
         select gen_random_uuid(), gen_random_uuid(), 5, $1, $1 from generate_series(1, 450) returning receipt)
       insert into receipt_statement (receipt, look_at) select receipt, $1 from added`,
      [STARTED],
    );
    const signed = async () =>
      (await vault.pool.query('select from receipt_statement where note is not null')).rowCount;
    const notary = signing();
    for (const count of [200, 400, 450]) {
      await notary.look(false);
      expect(await signed()).toBe(count);
    }
  });

  it('says once that it cannot, and signs with the first look that succeeds', async () => {
    const lines: string[] = [];
    const log: Log = { ...silentLog, warn: (message) => void lines.push(message) };
    const receipt = await addReceipt();
    const notary = signing({ log });
    isDown = true;
    await notary.look(true);
    await notary.look(false);
    expect(lines).toEqual(['receipts of erasures not signed']);
    expect((await metricsText()).text).toMatch(/^ums_notary_receipts_up 0$/m);
    isDown = false;
    await notary.look(false);
    expect(await statedOf(receipt)).toMatchObject({ receipt });
    expect((await metricsText()).text).toMatch(/^ums_notary_receipts_up 1$/m);
  });
});
