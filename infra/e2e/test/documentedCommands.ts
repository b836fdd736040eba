import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs');

/** The blocks of shell commands on a page of `docs/` that say that this test runs them, in order. @throws Error when there is none */
export const documentedCommands = (page: string, test: string): string[] => {
  const text = readFileSync(join(DOCS, page), 'utf8');
  const blocks = [...text.matchAll(/^<!-- run by (\S+) -->\n+```sh\n([\s\S]*?)^```$/gm)];
  const found = blocks.flatMap(([, by, commands = '']) => (by === test ? [commands] : []));
  if (found.length === 0) throw new Error(`no block of ${page} is run by ${test}`);
  return found;
};
