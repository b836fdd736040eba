import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RepositoryFile, repositoryFiles } from './repositoryFiles.js';
import { type Rule, ruleIdsIn, rulesOf } from './ruleIds.js';
import { literalsIn, testTitlesIn } from './sourceTexts.js';

const PAGE = 'infra/rules.md';
const isTest = ({ path }: RepositoryFile): boolean => path.endsWith('.test.ts');

let rules: Rule[];
/** Files that cite a rule, except the page itself. */
let citing: RepositoryFile[];
beforeAll(() => {
  const files = repositoryFiles(join(import.meta.dirname, '../..'));
  rules = rulesOf(files.find(({ path }) => path === PAGE)?.text ?? '');
  citing = files.filter(({ path, text }) => path !== PAGE && ruleIdsIn(text).length > 0);
});

const wholeText = (text: string): string[] => [text];

/** `path: id` for each id in the texts that `textsOf` extracts from `files`, except allowed ids. */
const citations = (
  files: RepositoryFile[],
  textsOf: (text: string) => string[],
  isAllowed: (id: string) => boolean = () => false,
): string[] =>
  files.flatMap(({ path, text }) =>
    [...new Set(textsOf(text).flatMap(ruleIdsIn))].filter((id) => !isAllowed(id)).map((id) => `${path}: ${id}`),
  );

describe('infra/rules.md', () => {
  it('lists each rule once, with a sentence and a source', () => {
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.map(({ id }) => id)).toEqual([...new Set(rules.map(({ id }) => id))]);
    expect(rules.filter(({ sentence, source }) => sentence === '' || source === '')).toEqual([]);
  });

  it('lists every rule that a source file or document cites', () => {
    const ids = new Set(rules.map(({ id }) => id));
    expect(citations(citing, wholeText, (id) => ids.has(id))).toEqual([]);
  });

  it('lists only rules that the title of a test names', () => {
    const titles = citing.filter(isTest).flatMap(({ text }) => testTitlesIn(text));
    const tested = new Set(titles.flatMap(ruleIdsIn));
    expect(rules.map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([]);
  });
});

describe('texts for clients and operators', () => {
  const citingSources = (): RepositoryFile[] =>
    citing.filter((file) => /\/src\/.*\.ts$/.test(file.path) && !isTest(file));

  it('cite no rule in the comments that become part of the OpenAPI document', () => {
    const described = citingSources().filter(({ path }) => /Controller\.ts$|^contracts\/src\/http\//.test(path));
    expect(citations(described, wholeText)).toEqual([]);
  });

  it('cite no rule in responses, mails, logs and console output', () => {
    // The report of the bench names the figures on purpose.
    const programs = citingSources().filter(({ path }) => !path.startsWith('infra/bench/'));
    expect(citations(programs, literalsIn)).toEqual([]);
  });
});

describe('ruleIdsIn', () => {
  it('finds ids of rules and performance figures', () => {
    expect(ruleIdsIn('F-15 and T-08: see (F-16b), P9 or P12')).toEqual(['F-15', 'T-08', 'F-16b', 'P9', 'P12']);
  });

  it.each([
    'UTF-16',
    'SHA-256',
    'AES-256-GCM',
    'P-256',
    'A-1',
    'P0',
    '5f2c-A-15-F-15',
    'xF-15',
    'F-151',
    'F-15_',
    'P2k',
  ])('finds no id in %s', (text) => {
    expect(ruleIdsIn(text)).toEqual([]);
  });
});

describe('testTitlesIn', () => {
  it.each([
    "it('title', () => undefined);",
    'describe.each([1, 2])(\n  "title",\n  run,\n);',
    'test.each`a\n$' + "{1}`('title', run);",
    "describe('title', run);",
  ])('finds the title in %j', (source) => {
    expect(testTitlesIn(`/** it('comment') */ log('no title'); ${source}`)).toEqual([
      expect.stringMatching(/^.title.$/),
    ]);
  });
});

describe('literalsIn', () => {
  it('finds strings and templates but no comments', () => {
    const literals = literalsIn("// comment\nconst text = 'one'; /** comment */ say(`two $" + '{text} three`);');
    expect(literals.join(' ')).toContain('one');
    expect(literals.join(' ')).toMatch(/two .* three/);
    expect(literals.join(' ')).not.toContain('comment');
  });
});
