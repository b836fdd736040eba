import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRegExpLiteral } from '@eslint-community/regexpp';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { analyse } from 'scslre';
import { constantNames } from './constantNames.js';
import { type FoundExpression, regularExpressions } from './regularExpressions.js';
import { repositoryFiles } from './repositoryFiles.js';
import { slowestMatch } from './slowestMatch.js';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = /^(?:\w[\w-]*|infra\/\w+)\/src\/.*(?<!\.test)\.ts$/;
const LENGTH = 50_000;
const LIMIT_MS = 10;
/** Tells how slow the machine is at the moment: one class of characters, as often as the text has characters. 1.2 ms on a fast one. */
const PLAIN = /\w/g;
const LIMIT_OF_PLAIN = 8;

/**
 * Calls of `RegExp` with what is known only while the program runs. No client chooses it: the marks that folding removes, a
 * filter of the services for the embedded event log, the paths of routes, the patterns of the API document, which are tested
 * below, and the names of tables.
 */
const UNKNOWN = [
  'contracts/src/directory/foldText.ts',
  'infra/embedded/src/eventstore/read/eventFilter.ts',
  'infra/kit/src/http/problem/validationFaults.ts',
  'infra/kit/src/http/request/routeTable.ts',
  'projector/src/rebuild/tableDefinitions.ts',
];

let found: FoundExpression[];
let unknown: string[];
beforeAll(() => {
  const files = repositoryFiles(ROOT);
  const names = constantNames(files.filter(({ path }) => SOURCES.test(path)));
  ({ expressions: found, unknown } = regularExpressions(names));
  for (const pattern of patternsOf(JSON.parse(readFileSync(join(ROOT, DOCUMENT), 'utf8'))))
    found.push({ path: DOCUMENT, regex: new RegExp(pattern) });
});

/** The framework checks requests against the patterns of this document. */
const DOCUMENT = 'contracts/generated/openapi.json';
const patternsOf = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === 'pattern' && typeof one === 'string' ? [one] : patternsOf(one),
  );
};

/** Parts of an expression whose cost grows faster than the text. */
const superLinearParts = (regex: RegExp): string[] =>
  analyse(parseRegExpLiteral(regex)).reports.map(({ type }) => type);

describe('regular expressions', () => {
  it('I-04 are known before the program runs, except where no client chooses them', () => {
    expect(found.length).toBeGreaterThan(200);
    expect(unknown.map((one) => one.split(': ')[0])).toEqual(UNKNOWN);
  });

  it('I-04 have no part that takes more than linear time', () => {
    const parts = found.map(({ path, regex }) => ({ path, regex: String(regex), parts: superLinearParts(regex) }));
    expect(parts.filter((one) => one.parts.length > 0)).toEqual([]);
  });

  it('I-04 take less than 10 ms of CPU for the worst 50,000 characters', () => {
    const unique = new Map(found.map((one) => [String(one.regex), one]));
    const measured = [...unique.values()].map(({ path, regex }) => {
      const measure = () => slowestMatch(regex, { length: LENGTH, limitMs: LIMIT_MS });
      const ms = measure();
      if (ms <= LIMIT_MS) return { path, regex: String(regex), ms };
      // A busy machine takes longer for every expression. One of quadratic cost takes more than a thousand times as long as the plain one.
      const plain = slowestMatch(PLAIN, { length: LENGTH, limitMs: Number.POSITIVE_INFINITY });
      return { path, regex: String(regex), ms: Math.min(ms, measure()), limit: LIMIT_OF_PLAIN * plain };
    });
    expect(measured.filter(({ ms, limit = 0 }) => ms > Math.max(LIMIT_MS, limit))).toEqual([]);
  }, 300_000);
});

describe('slowestMatch', () => {
  it.each([/\s+$/, /=\?.*\?=/, /(a+)+$/, /^(a|a)*$/, /"(?:[^"\\]|\\.)*"/g, /^(\w+\s?)*$/, /x*\d+x*$/])(
    'finds a text that is too much for %s',
    (regex) => {
      expect(slowestMatch(regex, { length: LENGTH, limitMs: LIMIT_MS })).toBeGreaterThan(LIMIT_MS);
    },
    180_000,
  );

  it.each([/^\s+/, /^[a-z]{1,64}$/, /[&<>"']/g, /^\d+$/])('finds none for %s', (regex) => {
    expect(slowestMatch(regex, { length: LENGTH, limitMs: LIMIT_MS })).toBeLessThan(LIMIT_MS);
  });
});

describe('the analysis of expressions', () => {
  it.each([/\s+$/, /(a+)+$/, /^(\w+\s?)*$/])('finds the part of %s that takes too long', (regex) => {
    expect(superLinearParts(regex)).not.toEqual([]);
  });
});
