import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { METRICS } from '../../monitoring/test/metricList.js';
import { type RepositoryFile, repositoryFiles } from '../../rules/repositoryFiles.js';
import { commandBlocks, handbookPages, isNotRun, ROOT, testOf, textOf } from './handbook.js';
import { anchorsOf, brokenLinks } from './links.js';

const INDEX = 'docs/README.md';
/** Tables with a row for each of many things. */
const LONG_PAGES = ['docs/asvs.md'];
const MOST_LINES = 150;

const pages = handbookPages();
const blocks = pages.flatMap(commandBlocks);
let files: RepositoryFile[];
beforeAll(() => {
  files = repositoryFiles(ROOT);
});

const named = (page: string, pattern: RegExp): string[] =>
  [...textOf(page).matchAll(pattern)].map(([, name = '']) => name);

describe('the operator’s handbook', () => {
  it('has short pages with one title each', () => {
    expect(pages.length).toBeGreaterThan(15);
    const lines = (page: string) => textOf(page).trimEnd().split('\n');
    expect(pages.filter((page) => !/^# \S/.test(lines(page)[0] ?? ''))).toEqual([]);
    expect(pages.filter((page) => !LONG_PAGES.includes(page) && lines(page).length > MOST_LINES)).toEqual([]);
  });

  it('has each page in its index', () => {
    const linked = named(INDEX, /\]\(([^)#\s]+\.md)\)/g).map((target) =>
      relative(ROOT, join(ROOT, dirname(INDEX), target)),
    );
    expect(pages.filter((page) => page !== INDEX && !linked.includes(page))).toEqual([]);
  });

  it('says before each block of commands which test runs it, or why none does', () => {
    expect(blocks.length).toBeGreaterThan(15);
    const unmarked = blocks.filter((block) => testOf(block) === undefined && !isNotRun(block));
    expect(unmarked.map(({ page, commands }) => `${page}: ${commands}`)).toEqual([]);
  });

  it('names tests that exist and read the page', () => {
    const faults = blocks.flatMap((block) => {
      const test = testOf(block);
      if (test === undefined) return [];
      const text = files.find(({ path }) => path === test)?.text ?? '';
      return text.includes(basename(block.page)) ? [] : [`${block.page}: ${test}`];
    });
    expect(faults).toEqual([]);
  });

  it('names only paths, metrics and settings that exist', () => {
    const settings = files.map(({ path, text }) => (pages.includes(path) ? '' : text)).join('\n');
    for (const page of pages) {
      const paths = named(page, /`((?:command-api|contracts|infra|notary|notifier|projector|query-api)\/[^`<*\s]*)`/g);
      expect(paths.filter((path) => !existsSync(join(ROOT, path))).map((path) => `${page}: ${path}`)).toEqual([]);
      const metrics = named(
        page,
        /`((?:ums|http|db|nodejs|process)_\w+?)(?:_bucket|_count|_sum)?(?:\{[^`]*\})?(?: [\d.]+)?`/g,
      );
      expect(metrics.filter((name) => METRICS[name] === undefined).map((name) => `${page}: ${name}`)).toEqual([]);
      const names = named(page, /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g);
      expect(names.filter((name) => !settings.includes(name)).map((name) => `${page}: ${name}`)).toEqual([]);
    }
  });
});

describe('the links of all documents', () => {
  it('lead to files and headings that exist', () => {
    const documents = files.map(({ path }) => path).filter((path) => path.endsWith('.md'));
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', INDEX]));
    expect(documents.flatMap(brokenLinks)).toEqual([]);
  });

  it('would not be found broken or whole by mistake: anchors are those that GitHub makes', () => {
    const text =
      '# What `GET /user` does, and [why](x.md)\n## Log\n```sh\n# no heading\n```\n## Log\n### 1. Füll–Stand_a';
    expect([...anchorsOf(text)]).toEqual(['what-get-user-does-and-why', 'log', 'log-1', '1-füllstand_a']);
  });
});
