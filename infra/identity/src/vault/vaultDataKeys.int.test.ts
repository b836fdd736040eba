import { KeyObject, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ERASED } from '@ums/contracts/personal';
import type { Clock } from '@ums/kit/clock';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { newDataKey } from '@ums/kit/sealing/sealing';
import type pg from 'pg';
import { testVault } from '../../test/vault.js';
import { vaultDataKeys } from './vaultDataKeys.js';

const master = masterKeys('a master secret of more than thirty-two bytes');

/** The bytes of a key: a key object has no properties that `toEqual` compares. */
const bytesOf = (key: unknown) => (key instanceof KeyObject ? key.export() : key);

describe('vaultDataKeys', () => {
  let vault: Awaited<ReturnType<typeof testVault>>;
  beforeAll(async () => {
    vault = await testVault();
  });
  afterAll(() => vault.close());

  const insert = async (key: KeyObject | undefined = newDataKey()) => {
    const subject = randomUUID();
    const { wrapped, masterKeyId } = master.wrap(subject, key);
    await vault.pool.query('insert into data_key (subject, wrapped, master_key_id) values ($1, $2, $3)', [
      subject,
      wrapped,
      masterKeyId,
    ]);
    return { subject, key };
  };

  const erase = (subject: string) =>
    vault.pool.query('update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = $1', [
      subject,
    ]);

  /** The vault's pool, which counts queries and runs `afterRead` after each. */
  const observed = (afterRead: () => Promise<unknown> = async () => undefined) => {
    const counts = { queries: 0 };
    const query = async (statement: pg.QueryConfig) => {
      counts.queries++;
      const result = await vault.pool.query(statement);
      await afterRead();
      return result;
    };
    return { counts, pool: { query } as unknown as pg.Pool };
  };

  const clockAt = (start: number): Clock & { set(ms: number): void } => {
    let now = start;
    return {
      now: () => new Date(now),
      set: (ms) => {
        now = ms;
      },
    };
  };

  const open = (pool: pg.Pool, clock: Clock = clockAt(0), ttlMs?: number): DataKeys =>
    vaultDataKeys({ pool, masterKeys: master, clock, ...(ttlMs === undefined ? {} : { ttlMs }) });

  it('G-02 returns keys, erasures and missing subjects with one query', async () => {
    const [active, erased, unknown] = [await insert(), await insert(), randomUUID()];
    await erase(erased.subject);
    const { counts, pool } = observed();
    const found = await open(pool).fetch([active.subject, erased.subject, unknown, active.subject]);
    expect(bytesOf(found.get(active.subject))).toEqual(bytesOf(active.key));
    expect(found.get(erased.subject)).toBe(ERASED);
    expect(found.has(unknown)).toBe(false);
    expect(counts.queries).toBe(1);
    expect(await open(pool).fetch([])).toEqual(new Map());
    expect(await open(pool).fresh([])).toEqual(new Map());
    expect(counts.queries).toBe(1);
  });

  it('G-03 caches a key for a minute at most, from before the read, even if the clock is set back', async () => {
    const { subject, key } = await insert();
    const clock = clockAt(1_000_000);
    const { counts, pool } = observed(async () => clock.set(1_010_000));
    const keys = open(pool, clock, 3_600_000);
    const queriesAt = async (ms: number) => {
      clock.set(ms);
      expect(bytesOf((await keys.fetch([subject])).get(subject))).toEqual(bytesOf(key));
      return counts.queries;
    };
    expect(await queriesAt(1_000_000)).toBe(1);
    expect(await queriesAt(1_059_999)).toBe(1);
    expect(await queriesAt(1_060_000)).toBe(2);
    expect(await queriesAt(900_000)).toBe(3);
  });

  it('G-03 does not cache that a subject has no key', async () => {
    const { pool } = observed();
    const keys = open(pool);
    const { subject, key } = await insert();
    await vault.pool.query('delete from data_key where subject = $1', [subject]);
    expect((await keys.fetch([subject])).size).toBe(0);
    const { wrapped, masterKeyId } = master.wrap(subject, key);
    await vault.pool.query('insert into data_key (subject, wrapped, master_key_id) values ($1, $2, $3)', [
      subject,
      wrapped,
      masterKeyId,
    ]);
    expect(bytesOf((await keys.fetch([subject])).get(subject))).toEqual(bytesOf(key));
  });

  it('G-03 forgets a key, and a fetch that is already running does not cache it', async () => {
    const { subject } = await insert();
    const keys: DataKeys = open(
      observed(async () => {
        await erase(subject);
        keys.evict(subject);
      }).pool,
    );
    const before = await keys.fetch([subject]);
    expect(before.get(subject)).toBeInstanceOf(KeyObject);
    expect((await keys.fetch([subject])).get(subject)).toBe(ERASED);
  });

  it('G-03 bypasses the cache for a fresh read', async () => {
    const { subject, key } = await insert();
    const keys = open(observed().pool);
    expect(bytesOf((await keys.fetch([subject])).get(subject))).toEqual(bytesOf(key));
    await erase(subject);
    expect(bytesOf((await keys.fetch([subject])).get(subject))).toEqual(bytesOf(key));
    expect((await keys.fresh([subject])).get(subject)).toBe(ERASED);
    expect((await keys.fetch([subject])).get(subject)).toBe(ERASED);
  });

  it('K-02 refuses a key wrapped for another subject', async () => {
    const [ada, bob] = [await insert(), await insert()];
    await vault.pool.query(
      'update data_key set wrapped = (select wrapped from data_key where subject = $1) where subject = $2',
      [ada.subject, bob.subject],
    );
    await expect(open(vault.pool).fetch([bob.subject])).rejects.toBeInstanceOf(SealBroken);
  });
});
