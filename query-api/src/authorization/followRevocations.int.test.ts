import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { guardedQuery, type Query } from '@ums/kit/postgres/guardedQuery';
import { migrate } from '@ums/kit/postgres/migrate';
import type pg from 'pg';
import { testDatabase } from '../../../infra/embedded/test/postgres.js';
import { patientPool } from '../../../infra/kit/test/patientPool.js';
import { until } from '../../../infra/kit/test/until.js';
import { followRevocations } from './followRevocations.js';

describe('followRevocations', () => {
  let pool: pg.Pool;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await testDatabase('vault');
    drop = database.drop;
    await migrate({
      url: database.url,
      dir: join(import.meta.dirname, '../../../command-api/migrations'),
      log: silentLog,
    });
    pool = patientPool(database.url);
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(async () => {
    await pool.end();
    await drop();
  });

  /** Follows the revocations while `work` runs. `statements` collects the names of the statements sent. */
  const following = async (
    work: (revocations: ReturnType<typeof followRevocations>, statements: string[]) => Promise<void>,
    {
      everyMs = 10,
      freshMs = 5_000,
      idleMs = 5_000,
      query = guardedQuery('vault', pool),
    }: { everyMs?: number; freshMs?: number; idleMs?: number; query?: Query } = {},
  ): Promise<void> => {
    const stop = new AbortController();
    const statements: string[] = [];
    const vault: Query = (statement) => {
      statements.push(statement.name);
      return query(statement);
    };
    const revocations = followRevocations({ vault, signal: stop.signal, log: silentLog, everyMs, freshMs, idleMs });
    await work(revocations, statements);
    stop.abort();
    await revocations.done;
  };
  /** The list stays current until polling is suspended, which happens when {@link checkNothing} steps the clock. */
  const IDLE = { idleMs: 60_000, freshMs: 3_600_000 };
  const checkNothing = (): void => {
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + IDLE.idleMs + 1);
  };
  const revoke = (userId: string, epoch: bigint, ago = '0 seconds') =>
    pool.query('insert into revocation (user_id, epoch, at) values ($1, $2, now() - $3::interval)', [
      userId,
      String(epoch),
      ago,
    ]);
  const token = (sub: string, epoch = 0n) => ({ sub, sid: randomUUID(), epoch });

  it('T-08 starts with the revocations that concern unexpired tokens, and no older ones', async () => {
    const [recent, ancient] = [randomUUID(), randomUUID()];
    await revoke(ancient, 5n, '1 hour');
    await revoke(recent, 5n, '9 minutes');
    await following(async (revocations, statements) => {
      await until(revocations.fresh);
      expect(await revocations.isRevoked(token(recent))).toBe(true);
      expect(await revocations.isRevoked(token(ancient))).toBe(false);
      expect(statements).not.toContain('is revoked');
    });
  });

  it('reads page after page when many revocations are new', async () => {
    const last = randomUUID();
    await pool.query(
      'insert into revocation (user_id, epoch) select gen_random_uuid(), 1 from generate_series(1, 12000)',
    );
    await revoke(last, 1n);
    await following(async (revocations, statements) => {
      await until(revocations.fresh);
      expect(await revocations.isRevoked(token(last))).toBe(true);
      expect(statements.filter((name) => name === 'revocations').length).toBeGreaterThanOrEqual(3);
    });
    await pool.query('truncate revocation');
  });

  it('T-08 asks the vault for each token while the list is stale', async () => {
    const userId = randomUUID();
    await following(
      async (revocations, statements) => {
        await until(() => statements.includes('revocations'));
        expect(revocations.fresh()).toBe(false);
        expect(await revocations.isRevoked(token(userId))).toBe(false);
        await revoke(userId, 2n);
        expect(await revocations.isRevoked(token(userId, 1n))).toBe(true);
        expect(await revocations.isRevoked(token(userId, 2n))).toBe(false);
        expect(statements.filter((name) => name === 'is revoked')).toHaveLength(3);
      },
      { everyMs: 60_000, freshMs: -1 },
    );
  });

  it('T-08 loads the list again after a failure, because the vault may have been restored', async () => {
    const userId = randomUUID();
    let down = false;
    const real = guardedQuery('vault', pool);
    const query: Query = (statement) => (down ? Promise.reject(new Error('down')) : real(statement));
    await revoke(randomUUID(), 1n);
    await following(
      async (revocations) => {
        await until(revocations.fresh);
        down = true;
        await until(() => !revocations.fresh());
        await expect(revocations.isRevoked(token(userId))).rejects.toThrow('down');
        // A restored backup: its row ids start below those read before.
        await pool.query('truncate revocation restart identity');
        await revoke(userId, 2n);
        down = false;
        await until(revocations.fresh);
        expect(await revocations.isRevoked(token(userId))).toBe(true);
      },
      { query },
    );
  });

  it('treats a missing answer of the vault as a revocation', async () => {
    await following(async (revocations) => expect(await revocations.isRevoked(token(randomUUID()))).toBe(true), {
      query: async () => [],
      freshMs: -1,
    });
  });

  it('T-08 suspends polling while no token is checked; the next check asks the vault and resumes it', async () => {
    const userId = randomUUID();
    await following(async (revocations, statements) => {
      await until(revocations.fresh);
      checkNothing();
      await until(() => !revocations.fresh());
      const suspendedAfter = statements.length;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(statements).toHaveLength(suspendedAfter);
      // A restored backup: its row ids start below those read before.
      await pool.query('truncate revocation restart identity');
      await revoke(userId, 1n);
      expect(await revocations.isRevoked(token(userId))).toBe(true);
      expect(statements.slice(suspendedAfter)).toContain('is revoked');
      await until(revocations.fresh);
      const polledAfter = statements.length;
      expect(await revocations.isRevoked(token(userId))).toBe(true);
      expect(statements.slice(polledAfter)).not.toContain('is revoked');
    }, IDLE);
  });

  it('is ready while polling is suspended only if the vault answers', async () => {
    let down = false;
    const real = guardedQuery('vault', pool);
    const query: Query = (statement) => (down ? Promise.reject(new Error('down')) : real(statement));
    await following(
      async (revocations) => {
        await until(revocations.fresh);
        checkNothing();
        await until(() => !revocations.fresh());
        expect(await revocations.ready()).toBe(true);
        down = true;
        expect(await revocations.ready()).toBe(false);
      },
      { query, ...IDLE },
    );
  });
});
