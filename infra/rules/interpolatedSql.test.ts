import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { constantNames } from './constantNames.js';
import { countSql, interpolatedSql } from './interpolatedSql.js';
import { repositoryFiles } from './repositoryFiles.js';

const SOURCES = /^(?:\w[\w-]*|infra\/(?!bench|e2e)\w+)\/src\/.*(?<!\.test)\.ts$/;

/**
 * Interpolations that are no constants of their module, by file. All are names of roles, tables, columns and what belongs to
 * them: from the definitions of projections, which are constants, or from the catalog of Postgres, which quotes them. The one
 * value is a password that the service has made, in a statement that takes no parameters; Postgres's own client escapes it.
 */
const REVIEWED: Readonly<Record<string, readonly string[]>> = {
  'infra/embedded/src/postgres/prepareDatabases.ts': ['client.escapeLiteral(scramVerifier(password))', 'inUtf8'],
  'infra/kit/src/dead-letters/deadMessageTable.ts': ['schema'],
  'infra/kit/src/event-log/checkpointStore.ts': ['table', 'selectByName'],
  'projector/src/forgetReadModel.ts': ['table'],
  'projector/src/projection/erasedInLive.ts': ['table.name', 'table.key'],
  'projector/src/projection/findMissed.ts': ['table.name'],
  'projector/src/projection/insertWithCheckpoint.ts': [
    'writingSql(table, MOVED)',
    'raisingSql(streams, count - 1, MOVED)',
  ],
  'projector/src/projection/lastRevisions.ts': ['table', 'condition'],
  'projector/src/projection/rowTable.ts': [
    'columns',
    'table.name',
    'table.key',
    "names.join(', ')",
    "selected.join(', ')",
    "parameters.join(', ')",
    'condition',
    'onConflict',
  ],
  'projector/src/rebuild/buildIndexes.ts': [
    'schema',
    "suffixed(name, '_next')",
    'table',
    'using',
    "tablesOf(copyOf(projection, 'next')).join(', ')",
  ],
  'projector/src/rebuild/compareTables.ts': [
    "tables.map((table, index) => `json_build_array(#{count(table, table)}, #{count(nextTables[index], table)})`).join(', ')",
    'key',
    "values('live')",
    "values('next')",
    'name',
    "copyOf(projection, 'next').table.name",
  ],
  'projector/src/rebuild/createNext.ts': ['table', "suffixed(name, '_next')", 'primaryKey', 'privilege', 'role'],
  'projector/src/rebuild/dropCopy.ts': ["tables.join(', ')", 'name'],
  'projector/src/rebuild/listTables.ts': ['table'],
  'projector/src/rebuild/renameTables.ts': [
    'name',
    'table',
    'before',
    'schema',
    'suffixed(name, before)',
    'suffixed(name, after)',
    "table.split('.')[1]",
    'after',
  ],
  'projector/src/rebuild/switchTables.ts': ["definitions.tables.join(', ')"],
};

/** `#{…}` stands for an interpolation. */
const withInterpolations = (text: string): string => text.replaceAll('#{', '$' + '{');

const inSource = (text: string, other = ''): string[] =>
  interpolatedSql(
    constantNames([
      { path: 'query-api/src/a.ts', text: withInterpolations(text) },
      { path: 'infra/kit/src/b.ts', text: other },
    ]),
  );

describe('SQL statements', () => {
  it('I-07 are made of constants of the program only, so that every value is a parameter', () => {
    const files = repositoryFiles(join(import.meta.dirname, '../..'));
    const names = constantNames(files.filter(({ path }) => SOURCES.test(path)));
    expect(countSql(names)).toBeGreaterThan(150);
    const reviewed = Object.entries(REVIEWED).flatMap(([path, found]) => found.map((one) => `${path}: ${one}`));
    expect(interpolatedSql(names)).toEqual(reviewed.map(withInterpolations));
  });
});

describe('interpolatedSql', () => {
  it.each([
    ['a value in a template', 'const find = (id: string) => db.query(`select * from a where id = #{id}`);', 'id'],
    ['a value in quotes', "const find = (id: string) => db.query(`select * from a where id = '#{id}'`);", 'id'],
    ['a value that is added', "const find = (id: string) => db.query('select * from a where id = ' + id);", 'id'],
    ['a value in a text with a name', 'const q = (id: string) => ({ name: `n`, text: `lock #{id}` });', 'id'],
    ['a value in a text with values', 'const q = (id: string) => ({ text: `values (#{id})`, values: [] });', 'id'],
    ['a member of a request', 'db.query(`delete from a where id = #{request.params.id}`);', 'request.params.id'],
    ['a name that is not constant', "let table = 'a'; db.query(`vacuum #{table}`);", 'table'],
    ['a text of many', 'const f = (ids: string[]) => `select #{ids.join()}`;', 'ids.join()'],
    [
      'what a function makes of a value',
      'const g = (x: string) => `a #{x}`; const f = (y: string) => `select #{g(y)}`;',
      'g(y)',
    ],
    ['what an unknown function returns', 'db.query(`select #{escape("a")}`);', 'escape("a")'],
    ['a value in a constant', 'const WHERE = `a = #{process.env.A}`; db.query(`select #{WHERE}`);', 'WHERE'],
    ['a function that calls itself', 'const f = (n: number) => `#{f(n)}`; db.query(`select #{f(1)}`);', 'f(1)'],
    ['a value that is added to a list', "const a = ['x']; a.push(id); db.query(`select #{a.join()}`);", 'a.join()'],
    ['a value for a function of the module', 'const g = (a: string) => `select #{a}`; db.query(g(b));', 'a'],
    ['a parameter of a function for others', 'export const g = (a: string) => `select #{a}`; db.query(g("b"));', 'a'],
    ['an imported variable', "import { T } from '@ums/kit/b'; db.query(`select #{T}`);", 'T'],
  ])('finds %s', (_, source, expression) => {
    expect(inSource(source, 'export let T = process.argv[2];')).toEqual([`query-api/src/a.ts: ${expression}`]);
  });

  it.each([
    'db.query("select 1"); db.query(TEXT); const text = `select #{1 + 2} from a`;',
    "const T = 'a'; const COLUMNS = ['a', T].join(', '); db.query(`select #{COLUMNS} from #{T} where a = $1`);",
    "import { T as table } from '@ums/kit/b'; db.query(`select * from #{table}`);",
    "const ORDER = { asc: '>', desc: '<' } as const; const f = (d: 'asc' | 'desc') => `select a #{ORDER[d]} b #{d}`;",
    "type Copy = 'old' | 'next'; const f = (copy: Copy) => `drop table a_#{copy}`;",
    'const f = (first: number) => `select $#{first}`; const g = () => `with a as (#{f(1)}) select 1`;',
    'const f = ({ a }: Record<"a", number>) => `select $#{a}`; const g = ({ a }: { a: number }) => `select $#{a}`;',
    'const g = (a: string, b = "b") => `select #{a} #{b}`; db.query(g("a"));',
    "interface A { order: 'asc' | 'desc' } const f = (order: A['order'] | undefined) => `select #{order}`;",
    "const LIST = ['a', 'b'] as const; const f = (one: (typeof LIST)[number]) => `select #{one}`;",
    'for (const table of ["a", "b"]) db.query(`vacuum #{table}`);',
    'const f = (n: number) => `select #{[0, 1].map((index) => `$#{n + index}`).join()}`;',
    'const f = (name: string) => `hello #{name}, select one from the list`;',
  ])('finds nothing in %s', (source) => {
    expect(inSource(source, "export const T = 'read.a';")).toEqual([]);
  });
});
