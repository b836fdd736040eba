import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Statement } from '@ums/kit/postgres/guardedQuery';
import { type AuditFilterParameters, auditFilter } from '@ums/query-api/audit/auditFilter';
import { auditStatement } from '@ums/query-api/audit/auditStatement';
import { testDatabase } from '../../../embedded/test/postgres.js';
import { type Feed, openFeed } from './openFeed.js';
import {
  BUSY_SERVICE,
  BUSY_USER,
  FREQUENT_TYPE,
  happenedAt,
  positionOf,
  RARE_TYPE,
  sampleOf,
  seedEvents,
} from './seedEvents.js';

/** Enough for every filter to have more events than a page looks at. */
const FEW = 20_000;
const MANY = 100_000;
const LOOK_AT = 1_000;
const LIMIT = 50;
/** Of the blocks read: an index of five times as many rows may have one level more. */
const MOST_GROWTH = 1.6;
/** Blocks of the few spans of time, whose number depends on the times alone. */
const FEW_BLOCKS = 60;
const TABLES = ['audit_event_v1', 'audit_span_v1'];

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

let database: Awaited<ReturnType<typeof testDatabase>>;
let feed: Feed;
beforeAll(async () => {
  database = await testDatabase('users');
  feed = await openFeed(database.url);
});
afterAll(async () => {
  await feed.close();
  await database.drop();
});

/** Every combination of filters, with frequent and with rare values, both ways, at any time and at the times that matter. */
const statements = async (count: number): Promise<[string, Statement][]> => {
  const { user, correlation } = await sampleOf(feed.pool, 777);
  const choices: [keyof AuditFilterParameters, (string | undefined)[]][] = [
    ['user', [undefined, user, BUSY_USER]],
    ['actor', [undefined, BUSY_SERVICE]],
    ['type', [undefined, FREQUENT_TYPE, RARE_TYPE]],
    ['correlation', [undefined, correlation]],
  ];
  const filters = choices.reduce<AuditFilterParameters[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  const middle = { from: happenedAt(FEW / 4), to: happenedAt(FEW / 2) };
  const times = [{}, middle, { from: happenedAt(count - 100) }, { to: happenedAt(100) }];
  return filters.flatMap((filter) =>
    times.flatMap((range) =>
      (['asc', 'desc'] as const).map((order): [string, Statement] => [
        JSON.stringify([filter, range === middle ? 'middle' : Object.keys(range), order]),
        auditStatement(
          {
            order,
            after: range === middle ? undefined : positionOf(FEW / 2),
            onlyWhole: order === 'asc',
            limit: LIMIT,
            lookAt: LOOK_AT,
          },
          auditFilter({ ...filter, ...range }),
        ),
      ]),
    ),
  );
};

const literalOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? `'{${value.join(',')}}'` : `'${String(value)}'`;
};

/** Runs a statement as a connection does that plans for these values, or that has decided for one plan for all values. */
const runPlan = async ({ text, values }: Statement, mode: string): Promise<PlanNode> => {
  const { pool } = feed;
  await pool.query(`set plan_cache_mode = ${mode}`);
  await pool.query(`prepare planned as ${text}`);
  const explained = `explain (analyze, buffers, timing off, format json) execute planned (${values.map(literalOf).join(', ')})`;
  const { rows } = await pool.query(explained);
  await pool.query('deallocate planned; reset plan_cache_mode');
  return rows[0]['QUERY PLAN'][0].Plan;
};

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const blocksOf = (node: PlanNode): number => (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0);
const rowsRead = (node: PlanNode): number =>
  node['Actual Loops'] *
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0));

/** What a plan does that costs more the more events there are. */
const faultsOf = (plan: PlanNode): string[] =>
  nodesOf(plan).flatMap((node) => {
    const table = node['Relation Name'] ?? '';
    const type = node['Node Type'];
    if (type === 'Seq Scan' && TABLES.includes(table)) return [`scans ${table}`];
    if (type.includes('Sort') && rowsRead(node) > LIMIT + 1) return [`sorts ${rowsRead(node)} rows`];
    if (table === 'audit_event_v1' && rowsRead(node) > LOOK_AT) return [`reads ${rowsRead(node)} events`];
    if (table === 'audit_span_v1' && rowsRead(node) > 400) return [`reads ${rowsRead(node)} spans`];
    return [];
  });

const MODES = ['force_custom_plan', 'force_generic_plan'];
const measure = async (count: number): Promise<{ blocks: Map<string, number>; faults: unknown[] }> => {
  const blocks = new Map<string, number>();
  const faults: unknown[] = [];
  for (const [name, statement] of await statements(count))
    for (const mode of MODES) {
      const plan = await runPlan(statement, mode);
      blocks.set(`${name}, ${mode}`, blocksOf(plan));
      faults.push(...faultsOf(plan).map((fault) => [name, mode, fault]));
    }
  return { blocks, faults };
};

describe('pages of the feed of events', () => {
  it('P25 scan and sort no table with any filters, and read hardly more blocks of five times as many events', async () => {
    await seedEvents(feed.pool, 0, FEW);
    const few = await measure(FEW);
    expect(few.faults).toEqual([]);
    await seedEvents(feed.pool, FEW, MANY - FEW);
    const many = await measure(MANY);
    expect(many.faults).toEqual([]);
    expect(many.blocks.size).toBe(3 * 2 * 3 * 2 * 4 * 2 * MODES.length);
    const grown = [...many.blocks].filter(
      ([name, blocks]) => blocks > Math.max(FEW_BLOCKS, (few.blocks.get(name) ?? 0) * MOST_GROWTH),
    );
    expect(grown.map(([name, blocks]) => [name, few.blocks.get(name), blocks])).toEqual([]);
  }, 600_000);
});
