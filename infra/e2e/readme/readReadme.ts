import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const README = join(import.meta.dirname, '..', '..', '..', 'README.md');

/** One variable as the README's table describes it to one reader. */
export interface DescribedVariable {
  name: string;
  reader: string;
  /** `required`, `none`, `empty`, or the value itself. */
  usual: string;
}

/** Rows of the configuration table, one for each variable and reader. */
export const describedVariables = (): DescribedVariable[] =>
  section('Configuration')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => {
      const [, names = '', readers = '', usual = ''] = line.split('|').map((cell) => cell.trim());
      return names
        .split(', ')
        .flatMap((name) => readers.split(', ').map((reader) => ({ name: bare(name), reader, usual: bare(usual) })));
    });

/** The commands of the tour, as a reader would paste them. */
export const tour = (): string => {
  const found = /<!-- tour:begin -->\n```sh\n([\s\S]*?)```\n<!-- tour:end -->/.exec(readFileSync(README, 'utf8'));
  if (found?.[1] === undefined) throw new Error('the README has no tour');
  return found[1];
};

/** The files of the walk through a registration, in order. */
export const walk = (): string[] => {
  const [, found = ''] = /<!-- walk:begin -->([\s\S]*?)<!-- walk:end -->/.exec(readFileSync(README, 'utf8')) ?? [];
  return [...found.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = '']) => file);
};

const section = (title: string): string => {
  const [, after = ''] = readFileSync(README, 'utf8').split(`\n## ${title}\n`);
  return after.split('\n## ')[0] ?? '';
};

const bare = (cell: string): string => cell.replaceAll('`', '');
