import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const README = join(import.meta.dirname, '..', '..', '..', 'README.md');

/** A variable in the README's table, for one of its readers. */
export interface DescribedVariable {
  name: string;
  reader: string;
  /** `required`, `none`, `empty`, or the value itself. */
  defaultValue: string;
}

/** The configuration table, with one entry for each variable and reader. */
export const describedVariables = (): DescribedVariable[] =>
  section('Configuration')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => {
      const [, names = '', readers = '', defaultValue = ''] = line.split('|').map((cell) => cell.trim());
      return names
        .split(', ')
        .flatMap((name) =>
          readers
            .split(', ')
            .map((reader) => ({ name: withoutBackticks(name), reader, defaultValue: withoutBackticks(defaultValue) })),
        );
    });

/** The shell commands of the tour. @throws Error when the README has none */
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

/** Every path of a file or folder of this repository that the text names. */
export const namedPaths = (): string[] =>
  [
    ...readFileSync(README, 'utf8').matchAll(
      /`((?:command-api|contracts|infra|notary|notifier|projector|query-api)\/[^`<* ]*)`/g,
    ),
  ].map(([, path = '']) => path);

const section = (title: string): string => {
  const [, after = ''] = readFileSync(README, 'utf8').split(`\n## ${title}\n`);
  return after.split('\n## ')[0] ?? '';
};

const withoutBackticks = (cell: string): string => cell.replaceAll('`', '');
