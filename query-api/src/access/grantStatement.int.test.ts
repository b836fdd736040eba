import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import type pg from 'pg';
import { createFeedWorld, type FeedWorld } from '../../test/feedWorld.js';
import { feedPool } from '../audit/feedPool.js';
import { type GrantListRequest, grantStatement } from './grantStatement.js';

const LOOK_AT = 100;
const FEW = 1_000;
const MANY = 5_000;
const OTHERS = 5_000;
const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-28T12:00:00.000Z');

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

let world: FeedWorld;
let pool: pg.Pool;
beforeAll(async () => {
  world = await createFeedWorld();
  pool = feedPool(world.config.DATABASE_URL, silentLog, { max: 1 });
  await world.insertMany(1_000_000, OTHERS);
});
afterAll(async () => {
  await pool.end();
  await world.close();
});

/** Requests for grants, each of which was approved at once. */
const insertGrants = (first: number, last: number, at: string, types = ['AccessRequested', 'AccessApproved']) =>
  world.read.query(
    `insert into read.audit_event_v1 (position, event_id, user_id, type, actor_kind, actor_id, at, correlation_id, grant_id)
     select number * 2 + place, gen_random_uuid(), $3::uuid, type, 'auditor', $3::uuid::text, $4::timestamptz,
       gen_random_uuid(), md5(number::text)::uuid
     from generate_series($1::int, $2::int) as number cross join unnest($5::text[]) with ordinality as event (type, place)`,
    [first, last, world.auditor.id, at, types],
  );

/** The rows of the feed that the statement looks at, and how. */
const lookedAt = async (request: Pick<GrantListRequest, 'status' | 'after'>) => {
  const { text, values } = grantStatement({ ...request, limit: 20, lookAt: LOOK_AT }, NOW);
  await pool.query(`prepare planned as ${text}`);
  const literals = values
    .map((value) => (Array.isArray(value) ? `'{${value.join()}}'` : `'${String(value)}'`))
    .join(', ');
  const { rows } = await pool.query(`explain (analyze, format json) execute planned (${literals})`);
  await pool.query('deallocate planned');
  const nodes: PlanNode[] = [];
  const walk = (node: PlanNode): void => {
    if (node['Relation Name'] === 'audit_event_v1') nodes.push(node);
    for (const child of node.Plans ?? []) walk(child);
  };
  walk(rows[0]['QUERY PLAN'][0].Plan);
  const rowsOf = (node: PlanNode) =>
    (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  const count = nodes.reduce((sum, node) => sum + rowsOf(node), 0);
  return { kinds: new Set(nodes.map((node) => node['Node Type'])), count };
};

describe('the statement that finds grants', () => {
  it('P25 follows indexes and looks at no more events the more there are, whatever the status, also where nothing matches', async () => {
    let first = 1;
    for (const last of [FEW, MANY]) {
      await insertGrants(first, last, NOW.toISOString());
      await world.read.query('analyze read.audit_event_v1');
      first = last + 1;
      for (const status of ['waiting', 'open', 'ended', undefined] as const)
        for (const after of [undefined, String(last)]) {
          const { kinds, count } = await lookedAt({ status, after });
          for (const kind of kinds) expect([status, kind]).toEqual([status, expect.stringMatching(/^Index/)]);
          // The requests twice, once for the cursor, and at most two events of each.
          expect(count).toBeLessThanOrEqual(4 * LOOK_AT);
        }
    }
  });

  it('P25 Z-10 looks at no request for one that waits that is older than seven days, and at no more the more wait', async () => {
    await world.read.query('truncate read.audit_event_v1, read.audit_span_v1');
    await insertGrants(1, MANY, new Date(NOW.getTime() - 8 * DAY_MS).toISOString(), ['AccessRequested']);
    await world.read.query('analyze read.audit_event_v1');
    expect((await lookedAt({ status: 'waiting', after: undefined })).count).toBe(0);
    const counts: number[] = [];
    let first = MANY + 1;
    for (const last of [MANY + 50, 2 * MANY]) {
      await insertGrants(first, last, new Date(NOW.getTime() - 6 * DAY_MS).toISOString(), ['AccessRequested']);
      await world.read.query('analyze read.audit_event_v1');
      first = last + 1;
      const { kinds, count } = await lookedAt({ status: 'waiting', after: undefined });
      for (const kind of kinds) expect(kind).toMatch(/^Index/);
      counts.push(count);
    }
    expect(counts[0]).toBeGreaterThan(20);
    expect(counts[1]).toBeLessThanOrEqual(1.2 * Number(counts[0]));
  });
});
