import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** The text of a document. @param path from the root of the repository */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The pages of the operator's handbook, as paths from the root: all of `docs/`, and SECURITY.md. */
export const handbookPages = (): string[] => [
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .sort(),
  'SECURITY.md',
];

/** A block of shell commands in a page. */
export interface CommandBlock {
  page: string;
  commands: string;
  /** The last line with text before the block. */
  before: string;
}

const BLOCK = /^( *)```sh\n([\s\S]*?)^\1```$/gm;

/** The shell commands of a page, in order. A block in a list is indented; its commands are not. */
export const commandBlocks = (page: string): CommandBlock[] => {
  const text = textOf(page);
  return [...text.matchAll(BLOCK)].map(({ index, 1: indent = '', 2: commands = '' }) => ({
    page,
    commands: commands.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    before: text.slice(0, index).trimEnd().split('\n').at(-1)?.trim() ?? '',
  }));
};

const RUN_BY = /^<!-- run by (\S+) -->$/;

/** The test that a block says it is run by, as a path from the root. */
export const testOf = ({ before }: CommandBlock): string | undefined => RUN_BY.exec(before)?.[1];

/** Whether a block says to its readers that no test runs it, and why. */
export const isNotRun = ({ before }: CommandBlock): boolean => /^Not run here: \S.{10,}\.$/.test(before);

/**
 * The commands of a page that a test has to run, in order.
 * @param test its path from the root
 * @throws Error when there are none, so that a renamed page does not pass
 */
export const commandsFor = (page: string, test: string): string[] => {
  const found = commandBlocks(page).filter((block) => testOf(block) === test);
  if (found.length === 0) throw new Error(`${page} has no commands for ${test}`);
  return found.map(({ commands }) => commands);
};
