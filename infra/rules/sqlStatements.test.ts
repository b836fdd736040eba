import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RepositoryFile, repositoryFiles } from './repositoryFiles.js';
import { type SqlStatement, statementsIn, unnamedQueriesIn } from './sqlStatements.js';

const SOURCES = /^(command-api|projector|notifier|query-api|infra\/identity|infra\/kit)\/src\/.*(?<!\.test)\.ts$/;

let sources: RepositoryFile[];
let statements: (SqlStatement & { path: string })[];
beforeAll(() => {
  const files = repositoryFiles(join(import.meta.dirname, '../..'));
  sources = files.filter(({ path }) => SOURCES.test(path));
  statements = sources.flatMap(({ path, text }) => statementsIn(text).map((statement) => ({ path, ...statement })));
});

/** Each connection parses a named statement once, and an unnamed one at every call. */
describe('SQL statements with parameters', () => {
  it('are found in the sources of all services', () => {
    expect(statements.length).toBeGreaterThan(60);
  });

  it('have a name', () => {
    const unnamed = sources.flatMap(({ path, text }) => unnamedQueriesIn(text).map((call) => `${path}: ${call}`));
    expect(unnamed).toEqual([]);
    expect(statements.filter(({ name }) => name === undefined)).toEqual([]);
  });

  it('share no name', () => {
    const places = new Map<string, string[]>();
    for (const { name = '', path } of statements) places.set(name, [...(places.get(name) ?? []), path]);
    expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
  });

  it('have a name that contains every parameter that the text contains', () => {
    expect(statements.filter(({ unnamedParameters }) => unnamedParameters.length > 0)).toEqual([]);
  });
});

describe('unnamedQueriesIn', () => {
  it('finds calls with a text and values, whatever the text is', () => {
    const source = "db.query<Row>('a', [1]); db.query(TEXT, values); db.query('b'); db.query({ name, text, values });";
    expect(unnamedQueriesIn(source)).toEqual(["db.query<Row>('a', [1])", 'db.query(TEXT, values)']);
  });
});

describe('statementsIn', () => {
  it('finds names and texts, and statements without a name', () => {
    const source = "db.query({ name: 'a', text: A, values: [1] }); const b = { text: `b`, values }; f({ text: 'c' });";
    expect(statementsIn(source)).toEqual([
      { name: "'a'", text: 'A', unnamedParameters: [] },
      { name: undefined, text: '`b`', unnamedParameters: [] },
    ]);
  });

  it('finds parameters that change the text but not the name', () => {
    const source =
      'const f = (table: string) => (tx, { column }) => tx.query({ name: table, text: table + column, values });';
    expect(statementsIn(source)).toEqual([expect.objectContaining({ unnamedParameters: ['column'] })]);
  });
});
