import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { repositoryFiles } from './repositoryFiles.js';
import { nodesOf } from './sourceTexts.js';

const SOURCES = /^(?:command-api|query-api|infra\/kit|infra\/identity)\/src\/.*(?<!\.test)\.ts$/;
/** In tables of problems: `busy: [503, 'Too busy']`. */
const SLUG_OF_503 = /^\s*'?([a-z-]+)'?: \[503, /gm;

const nameOf = ({ expression }: ts.CallExpression | ts.NewExpression): string => expression.getText();

/** How many errors of a source are answered with 503, and how many waits it notes. */
const refusalsAndWaits = (source: string, slugs: ReadonlySet<string>): { refusals: number; waits: number } => {
  const nodes = nodesOf(source);
  const refusals = nodes.filter(ts.isNewExpression).filter((made) => {
    const slug = made.arguments?.[0];
    if (nameOf(made) === 'LogUnavailable') return true;
    return nameOf(made) === 'Refused' && slug !== undefined && ts.isStringLiteral(slug) && slugs.has(slug.text);
  }).length;
  const waits = nodes.filter(ts.isCallExpression).filter((call) => nameOf(call) === 'noteWait').length;
  return { refusals, waits };
};

describe('refusals with 503', () => {
  it('F-03 note which dependency and which limit ended the wait, where they are made', () => {
    const files = repositoryFiles(join(import.meta.dirname, '../..')).filter(({ path }) => SOURCES.test(path));
    const slugs = new Set(files.flatMap(({ text }) => [...text.matchAll(SLUG_OF_503)].map(([, slug = '']) => slug)));
    expect([...slugs]).toEqual(expect.arrayContaining(['busy', 'not-signed-yet', 'profile-unavailable']));
    const counted = files.map(({ path, text }) => ({ path, ...refusalsAndWaits(text, slugs) }));
    expect(counted.filter(({ refusals }) => refusals > 0).length).toBeGreaterThan(8);
    expect(counted.filter(({ refusals, waits }) => refusals > waits)).toEqual([]);
  });
});
