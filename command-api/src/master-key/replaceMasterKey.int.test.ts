import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { beginReplacement, checkMasterKey } from '@ums/identity/vault/checkMasterKey';
import { masterKeyState } from '@ums/identity/vault/masterKeyState';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { newDataKey } from '@ums/kit/sealing/sealing';
import { until } from '../../../infra/kit/test/until.js';
import { type TestVault, testVault } from '../../test/testVault.js';
import { replaceMasterKey } from './replaceMasterKey.js';
import type { RewrapProgress, Rewrapping, RewrapStep } from './rewrapDataKeys.js';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const secrets = { MASTER_KEY: NEW, MASTER_KEY_PREVIOUS: OLD };
const [old, renewed] = [masterKeys(OLD), masterKeys(NEW)];
class Killed extends Error {}

describe('replaceMasterKey', () => {
  let vault: TestVault;
  beforeAll(async () => {
    vault = await testVault();
  });
  afterAll(() => vault.close());
  beforeEach(async () => {
    await vault.pool.query('truncate data_key, secret_check');
    await vault.pool.query(`do $$ declare c text; begin
      for c in select conname from pg_constraint where conrelid = 'data_key'::regclass and conname like 'retired %' loop
        execute format('alter table data_key drop constraint %I', c);
      end loop; end $$`);
    await checkMasterKey(vault.pool, OLD, []);
  });

  /** Data keys as a vault has them, with an erased one among them. */
  const filled = async (count: number, master = old) => {
    const subjects = Array.from({ length: count }, () => ({ subject: randomUUID(), key: newDataKey() }));
    await vault.pool.query(
      `insert into data_key (subject, wrapped, master_key_id, created_at)
       select *, now() - interval '1 day' from unnest($1::uuid[], $2::bytea[], $3::text[])`,
      [
        subjects.map(({ subject }) => subject),
        subjects.map(({ subject, key }) => master.wrap(subject, key).wrapped),
        subjects.map(() => master.id),
      ],
    );
    return subjects;
  };
  const erase = (subject: string) =>
    vault.pool.query('update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = $1', [
      subject,
    ]);
  const begin = () => beginReplacement(vault.pool, NEW, [OLD]);
  type Hooks = Pick<Rewrapping, 'crashPoint' | 'onProgress'>;
  const finish = (hooks: Partial<Hooks> = {}) =>
    replaceMasterKey({ vault: vault.pool, secrets, onProgress: () => undefined, ...hooks });
  const killedAt = (step: RewrapStep, time = 1) => {
    let seen = 0;
    return async (reached: RewrapStep) => {
      if (reached === step) seen += 1;
      if (reached === step && seen === time) throw new Killed();
    };
  };
  const stored = async () => {
    const { rows } = await vault.pool.query<{ subject: string; wrapped: Buffer | null; master_key_id: string | null }>(
      'select subject, wrapped, master_key_id from data_key',
    );
    return new Map(rows.map((row) => [row.subject, row]));
  };
  const expectAllUnder = async (subjects: Awaited<ReturnType<typeof filled>>, master = renewed) => {
    const rows = await stored();
    for (const { subject, key } of subjects) {
      const { wrapped, master_key_id: masterKeyId } = rows.get(subject) ?? {};
      expect(masterKeyId).toBe(master.id);
      expect(master.unwrap(subject, { wrapped: wrapped as Buffer, masterKeyId: master.id }).equals(key)).toBe(true);
    }
  };

  it('K-01 wraps every data key again, leaves erased ones erased, and makes the new key the vault’s', async () => {
    const subjects = await filled(1_203);
    const [gone] = await filled(1);
    await erase(gone?.subject ?? '');
    await begin();
    const progress: RewrapProgress[] = [];
    expect(await finish({ onProgress: (one) => progress.push(one) })).toBe(1_203);
    await expectAllUnder(subjects);
    expect((await stored()).get(gone?.subject ?? '')).toMatchObject({ wrapped: null, master_key_id: null });
    expect(progress[0]).toEqual({ done: 0, total: 1_203 });
    expect(progress).toContainEqual({ done: 1_000, total: 1_203 });
    expect(progress.filter(({ done }) => done === 1_203)).not.toHaveLength(0);
    await expect(checkMasterKey(vault.pool, NEW, [])).resolves.toBeUndefined();
    await expect(checkMasterKey(vault.pool, OLD, [])).rejects.toThrow('MASTER_KEY is not the secret');
    await expect(beginReplacement(vault.pool, OLD, [NEW])).rejects.toThrow('a replaced key cannot come back');
    expect(await finish()).toBe(0);
  });

  it.each<[RewrapStep, number]>([
    ['batch-locked', 1],
    ['batch-locked', 2],
    ['batch-written', 1],
    ['keys-rewrapped', 1],
    ['key-retired', 1],
    ['key-proven', 1],
  ])('loses nothing when it is killed after %s (%d), and the next run finishes', async (step, time) => {
    const subjects = await filled(700);
    await begin();
    await expect(finish({ crashPoint: killedAt(step, time) })).rejects.toBeInstanceOf(Killed);
    const both = masterKeys(NEW, [OLD]);
    for (const [subject, { wrapped, master_key_id }] of await stored())
      both.unwrap(subject, { wrapped: wrapped as Buffer, masterKeyId: String(master_key_id) });
    await expect(checkMasterKey(vault.pool, NEW, [])).rejects.toThrow('give both keys');
    await expect(checkMasterKey(vault.pool, OLD, [])).rejects.toThrow('give both keys');
    await finish();
    await expectAllUnder(subjects);
    await checkMasterKey(vault.pool, NEW, []);
  });

  it('G-03 never brings back a key that is erased while its batch is written', async () => {
    const subjects = await filled(3);
    const erased = subjects[1]?.subject ?? '';
    await begin();
    const client = await vault.pool.connect();
    await client.query('begin');
    await client.query(
      'update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = $1',
      [erased],
    );
    /** The erasure holds its row, which the batch has skipped. */
    const commit = async (step: RewrapStep) => {
      if (step === 'batch-written') await client.query('commit');
    };
    const replacing = finish({ crashPoint: commit });
    expect(await replacing).toBe(2);
    client.release();
    expect((await stored()).get(erased)).toMatchObject({ wrapped: null, master_key_id: null });
    await expectAllUnder(subjects.filter(({ subject }) => subject !== erased));
  });

  it('refuses to begin before a service has started with the new key', async () => {
    await filled(1);
    await expect(finish()).rejects.toThrow(/^No service has started with the new MASTER_KEY yet/);
    await vault.pool.query('truncate secret_check');
    await expect(finish()).rejects.toThrow(/^No service has started/);
  });

  it('refuses to finish while a process still stores keys under the old one, and bars them afterwards', async () => {
    const subjects = await filled(1);
    await begin();
    const late = { subject: randomUUID(), key: newDataKey() };
    const insert = () =>
      vault.pool.query('insert into data_key (subject, wrapped, master_key_id) values ($1, $2, $3)', [
        late.subject,
        old.wrap(late.subject, late.key).wrapped,
        old.id,
      ]);
    let isStored = false;
    const store = async (step: RewrapStep) => {
      if (step !== 'batch-locked' || isStored) return;
      isStored = true;
      await insert();
    };
    const refused = finish({ crashPoint: store });
    await expect(refused).rejects.toThrow(/^A command-api still stores data keys under the old key/);
    await expectAllUnder([...subjects, late]);
    expect((await masterKeyState(vault.pool, NEW, [OLD])).state).toBe('being-replaced');
    await finish();
    await vault.pool.query('delete from data_key where subject = $1', [late.subject]);
    await expect(insert()).rejects.toMatchObject({ code: '23514' });
  });

  it('goes back to the old key when the services do', async () => {
    const subjects = await filled(10);
    await begin();
    await expect(finish({ crashPoint: killedAt('keys-rewrapped') })).rejects.toBeInstanceOf(Killed);
    const back = { MASTER_KEY: OLD, MASTER_KEY_PREVIOUS: NEW };
    expect(await replaceMasterKey({ vault: vault.pool, secrets: back, onProgress: () => undefined })).toBe(10);
    await expectAllUnder(subjects, old);
    await expect(checkMasterKey(vault.pool, OLD, [])).resolves.toBeUndefined();
  });

  it('K-02 stops at a data key of a third master key, and changes nothing of it', async () => {
    const foreign = masterKeys(randomBytes(32));
    const subjects = await filled(1, foreign);
    await begin();
    await expect(finish()).rejects.toThrow(
      'A data key is damaged, or wrapped with neither MASTER_KEY nor MASTER_KEY_PREVIOUS.',
    );
    await expectAllUnder(subjects, foreign);
  });

  it('waits half a second at a time for a transaction that reads the table, and then bars the old key', async () => {
    const subjects = await filled(1);
    await begin();
    const client = await vault.pool.connect();
    await client.query('begin');
    await client.query('select from data_key');
    const replacing = finish();
    const attempts = new Set<string>();
    await until(async () => {
      const { rows } = await vault.pool.query<{ since: string }>(
        `select query_start::text as since from pg_stat_activity
         where wait_event_type = 'Lock' and datname = current_database()`,
      );
      for (const { since } of rows) attempts.add(since);
      return attempts.size === 2;
    });
    await client.query('commit');
    client.release();
    expect(await replacing).toBe(1);
    await expectAllUnder(subjects);
  });
});
