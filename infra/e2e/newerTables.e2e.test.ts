import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execute } from '../embedded/test/postgres.js';
import { type AccessRow, administrators, auditors, cellsOf } from './test/access/accessCells.js';
import { ACCESS_ROWS } from './test/access/accessRows.js';
import { type AccessService, startAccessService } from './test/access/accessService.js';

/** Reads that have statements of their own. */
const FILTERED: readonly (readonly [string, AccessRow])[] = [
  ['get /users', { answers: administrators('200'), query: '?limit=2&search=ada' }],
  ['get /users', { answers: administrators('200'), query: '?limit=2&role=auditor&status=active' }],
  ['get /users', { answers: administrators('200'), query: '?limit=2&registeredFrom=2020-01-01T00:00:00Z' }],
  ['get /audit/events', { answers: auditors('200'), query: '?limit=2&order=asc' }],
  ['get /audit/events', { answers: auditors('200'), query: '?limit=2&type=UserRegistered' }],
  ['get /audit/events', { answers: auditors('200'), query: '?limit=2&from=2020-01-01T00:00:00Z' }],
  ['get /audit/grants', { answers: auditors('200'), query: '?status=waiting' }],
];

/** A user may export their data a few times an hour. */
const ROWS = {
  ...ACCESS_ROWS,
  'post /user/export': { ...ACCESS_ROWS['post /user/export'], spends: true } as AccessRow,
};
const ASKED = [...Object.entries(ROWS), ...FILTERED].flatMap(([operation, row]) =>
  cellsOf(operation, row)
    .filter(({ answer, target }) => answer.startsWith('2') && (target === 'own' || target === 'other'))
    .map((cell) => ({ operation, row, cell })),
);

let service: AccessService;
beforeAll(async () => {
  service = await startAccessService();
}, 300_000);
afterAll(() => service.close());

/** The requests whose answer is not the expected one. */
const failures = async (): Promise<unknown[]> => {
  const failed: unknown[] = [];
  for (const { operation, row, cell } of ASKED) {
    const { status } = await service.answerTo(operation, row, cell);
    if (status !== Number(cell.answer)) failed.push({ operation, query: row.query, ...cell, status });
  }
  return failed;
};

/** What a migration of a newer version may do while programs of this one work. */
const addColumns = async (): Promise<number> => {
  const { postgres } = service.engines;
  const on = (database: string) => Object.assign(new URL(postgres), { pathname: `/${database}` }).href;
  const { rows: databases } = await execute(postgres, 'select datname from pg_database where not datistemplate');
  let added = 0;
  for (const { datname } of databases) {
    const { rows: tables } = await execute(
      on(datname),
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables)
      await execute(on(datname), `alter table ${name} add column of_a_newer_version integer`);
    added += tables.length;
  }
  return added;
};

describe('tables of a newer version', () => {
  it('serve this one, which has prepared its statements before they had a new column', async () => {
    expect(await failures()).toEqual([]);
    expect(await addColumns()).toBeGreaterThan(30);
    expect(await failures()).toEqual([]);
  }, 600_000);
});
