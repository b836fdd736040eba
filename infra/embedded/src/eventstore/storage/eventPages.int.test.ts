import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase } from '../../../test/postgres.js';
import { metadataStreamOf } from '../streamNames.js';
import { eventPages } from './eventPages.js';
import { CREATE_SCHEMA, streamKey } from './schema.js';

const ROWS = 50_000;
const STREAM = Buffer.from('s-7');
const METADATA = Buffer.from('{"$maxAge":100}');
/** Between two events of a stream. */
const TICKS = 10_000_000n;

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
         gen_random_uuid(), ('s-' || n % 100)::bytea, 'T', true, n / 100 * $3::bigint, '', convert_to(repeat('x', 200), 'UTF8')
       from generate_series(0, $1::int - 1) n`,
      [ROWS, streamKey(STREAM), TICKS],
    );
    await pool.query(
      `insert into log_event (position, stream_key, revision, id, stream, type, json, created, metadata, data)
       values ($1, $2, 0, gen_random_uuid(), $3, '$metadata', true, 0, '', $4)`,
      [ROWS, streamKey(metadataStreamOf(STREAM)), metadataStreamOf(STREAM), METADATA],
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
      const page = await pages.stream(direction, STREAM, 250n, 3);
      expect(page.events).toHaveLength(3);
      expect(page.head).toEqual({ lastRevision: 499n, metadata: METADATA });
    }
    expect(await pages.streamHead(STREAM)).toEqual({ lastRevision: 499n, metadata: METADATA });
    expect(await pages.firstSince(STREAM, { from: 3n, to: 499n }, 321n * TICKS)).toBe(321n);
    expect(await pages.firstPosition()).toBe(0n);
    const event = await pages.eventAt(1_007n);
    expect(event?.revision).toBe(10n);
    if (event !== undefined) await pages.startOfAppend(event);
  }, 180_000);
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('are read by index with a generic plan, whatever the limit, without sorting the log', async () => {
    expect([...statements.keys()].sort()).toEqual([
      ...['all backwards', 'all forwards', 'append', 'event at', 'first', 'first since', 'stream backwards'],
      ...['stream forwards', 'stream head'],
    ]);
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
      const scanned = [...plan.matchAll(/Index .*rows=(\d+)/g)].map(([, rows]) => Number(rows));
      expect(Math.max(...scanned)).toBeLessThanOrEqual(3);
      // Bisecting 500 revisions takes nine steps; each is one descent of the index.
      const loops = [...plan.matchAll(/Index .*loops=(\d+)/g)].map(([, count]) => Number(count));
      expect(Math.max(...loops)).toBeLessThanOrEqual(name === 'first since' ? 9 : 1);
    }
  });
});
