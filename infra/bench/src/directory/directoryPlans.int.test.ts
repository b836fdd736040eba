import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Statement } from '@ums/kit/postgres/guardedQuery';
import { testDatabase } from '../../../embedded/test/postgres.js';
import { DIRECTORY_READS, directoryReads } from './directoryReads.js';
import { type Directory, openDirectory } from './openDirectory.js';
import { seedUsers } from './seedUsers.js';

/**
 * Enough for the planner to prefer an index to reading a whole table, and for every search by time to look at as many matches
 * as it may.
 */
const FEW = 16_000;
const MANY = 64_000;
/** Of the blocks read: an index of four times as many rows may have one level more. */
const MOST_GROWTH = 1.6;
const LARGE_TABLES = ['user_profile_v1', 'user_term_v1'];

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

let database: Awaited<ReturnType<typeof testDatabase>>;
let directory: Directory;
beforeAll(async () => {
  database = await testDatabase('users');
  directory = await openDirectory(database.url);
});
afterAll(async () => {
  await directory.close();
  await database.drop();
});

/** The statements of all reads, by name of the read. */
const statementsOf = async (users: number): Promise<[string, Statement][]> => {
  const statements: [string, Statement][] = [];
  let read = '';
  const query: Directory['query'] = async (statement) => {
    statements.push([read, statement]);
    return directory.query(statement);
  };
  const reads = await directoryReads({ ...directory, query }, users);
  statements.length = 0;
  for (read of DIRECTORY_READS) await reads[read as keyof typeof reads](1);
  return statements;
};

/** Runs a statement as a connection does that plans for these values, or that has decided for one plan for all values. */
const runPlan = async ({ text, values }: Statement, mode: string): Promise<PlanNode> => {
  const { pool } = directory;
  await pool.query(`set plan_cache_mode = ${mode}`);
  await pool.query(`prepare planned as ${text}`);
  const literals = values.map((value) => `'${String(value).replaceAll("'", "''")}'`);
  const explained = `explain (analyze, buffers, timing off, format json) execute planned (${literals.join(', ')})`;
  const { rows } = await pool.query(explained);
  await pool.query('deallocate planned; reset plan_cache_mode');
  return rows[0]['QUERY PLAN'][0].Plan;
};

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const blocksOf = (node: PlanNode): number => (node['Shared Hit Blocks'] ?? 0) + (node['Shared Read Blocks'] ?? 0);

const MODES = ['force_custom_plan', 'force_generic_plan'];
const measure = async (users: number): Promise<Map<string, number>> => {
  const blocks = new Map<string, number>();
  for (const [read, statement] of await statementsOf(users))
    for (const mode of MODES) blocks.set(`${read}, ${mode}`, blocksOf(await runPlan(statement, mode)));
  return blocks;
};

describe('reads of the directory', () => {
  it('P7 P20 scan no table, and read hardly more blocks of four times as many users', async () => {
    await seedUsers(directory.pool, 0, FEW);
    const few = await measure(FEW);
    await seedUsers(directory.pool, FEW, MANY - FEW);
    const many = await measure(MANY);
    expect(many.size).toBe(DIRECTORY_READS.length * MODES.length);
    const grown = [...many].filter(([read, blocks]) => blocks > (few.get(read) ?? 0) * MOST_GROWTH);
    expect(grown).toEqual([]);
    for (const [read, statement] of await statementsOf(MANY))
      for (const mode of MODES) {
        const scanned = nodesOf(await runPlan(statement, mode))
          .filter((node) => node['Node Type'] === 'Seq Scan')
          .map((node) => node['Relation Name'] ?? '');
        expect([read, mode, scanned.filter((table) => LARGE_TABLES.includes(table))]).toEqual([read, mode, []]);
      }
  }, 300_000);
});
