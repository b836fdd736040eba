import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const WORKSPACES = ['contracts', 'command-api', 'projector', 'notifier', 'notary', 'query-api', 'infra'];
const EXCLUDED = /(^|\/)(node_modules|dist|generated)\//;
const USES_ROUNDS = /\bfaultRounds\(\{/;

/**
 * The suites that `npm run faults` runs: all that take their number of rounds from `faultRounds`, and all in this folder.
 * @param {string} root the root folder of the repository
 * @returns {Promise<string[]>} paths relative to it
 */
export const faultSuites = async (root) => {
  const suites = [];
  for (const workspace of WORKSPACES) {
    for (const name of await readdir(join(root, workspace), { recursive: true })) {
      const path = `${workspace}/${name}`;
      if (!path.endsWith('.test.ts') || EXCLUDED.test(path)) continue;
      if (path.startsWith('infra/faults/') || USES_ROUNDS.test(await readFile(join(root, path), 'utf8')))
        suites.push(path);
    }
  }
  return suites.sort();
};
