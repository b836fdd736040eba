import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase } from '../../../test/postgres.js';
import { eventPages } from './eventPages.js';
import { CREATE_SCHEMA, streamKey } from './schema.js';

const ROWS = 50_000;
const STREAM = Buffer.from('s-7');

describe('the pages of the log', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;
  let statements: Map<string, { text: string; values: unknown[] }>;

  beforeAll(async () => {
    database = await testDatabase('log');
    pool = new pg.Pool({ connectionString: database.url, max: 1, options: '-c plan_cache_mode=force_generic_plan' });
    await pool.query(CREATE_SCHEMA);
    // A hundred streams of equal length; those that the test reads have the real key.
    await pool.query(
      `insert into log_event (position, stream_key, revision, id, stream, type, json, created, metadata, data)
       select n, case when n % 100 = 7 then $2 else substr(sha256((n % 100)::text::bytea), 1, 16) end, n / 100,
         gen_random_uuid(), ('s-' || n % 100)::bytea, 'T', true, 0, '', convert_to(repeat('x', 200), 'UTF8')
       from generate_series(0, $1::int - 1) n`,
      [ROWS, streamKey(STREAM)],
    );
    await pool.query('analyze log_event');
    statements = new Map();
    const recording = {
      query: (statement: { name: string; text: string; values: unknown[] }) => {
        statements.set(statement.name, statement);
        return pool.query(statement);
      },
    };
    const pages = eventPages(recording as unknown as pg.Pool);
    for (const direction of ['forwards', 'backwards'] as const) {
      expect((await pages.all(direction, 25_000n, 3)).events).toHaveLength(3);
      expect((await pages.stream(direction, STREAM, 250n, 3)).events).toHaveLength(3);
    }
    expect(await pages.lastRevision(STREAM)).toBe(499n);
    expect(await pages.firstPosition()).toBe(0n);
    const event = await pages.eventAt(1_007n);
    expect(event?.revision).toBe(10n);
    if (event !== undefined) await pages.startOfAppend(event);
  }, 60_000);
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('are read by index with a generic plan, whatever the limit, without sorting the log', async () => {
    expect([...statements.keys()].sort()).toEqual(
      ['all backwards', 'all forwards', 'append', 'event at', 'first', 'last revision', 'stream backwards'].concat(
        'stream forwards',
      ),
    );
    for (const [name, { text, values }] of statements) {
      const literals = values.map((value) =>
        Buffer.isBuffer(value) ? `'\\x${value.toString('hex')}'` : `'${String(value)}'`,
      );
      await pool.query(`prepare statement as ${text}`);
      const call = literals.length === 0 ? 'statement' : `statement(${literals.join(', ')})`;
      const { rows } = await pool.query(`explain (analyze, costs off, timing off, summary off) execute ${call}`);
      await pool.query('deallocate statement');
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect([name, plan]).toEqual([name, expect.stringMatching(/Index (Only )?Scan/)]);
      expect([name, plan]).toEqual([name, expect.not.stringContaining('Seq Scan')]);
      // Looks for the start of an append among the events of one stream only, so it may sort them.
      if (name === 'append') continue;
      expect([name, plan]).toEqual([name, expect.not.stringMatching(/Bitmap|Sort/)]);
      const scanned = Number(/Index .*rows=(\d+)/.exec(plan)?.[1]);
      expect(scanned).toBeLessThanOrEqual(3);
    }
  });
});
