import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const WORKSPACES = ['contracts', 'command-api', 'projector', 'notifier', 'query-api', 'infra'];
const SKIPPED = /(^|\/)(node_modules|dist|generated)\//;
const REPEATS = /\bfaultRounds\(\{/;

/**
 * The suites that `npm run faults` runs: whatever repeats chance at counts of its own, and all in this folder.
 * @param {string} root the project's folder.
 * @returns {Promise<string[]>} paths below it.
 */
export const faultSuites = async (root) => {
  const suites = [];
  for (const workspace of WORKSPACES) {
    for (const name of await readdir(join(root, workspace), { recursive: true })) {
      const path = `${workspace}/${name}`;
      if (!path.endsWith('.test.ts') || SKIPPED.test(path)) continue;
      if (path.startsWith('infra/faults/') || REPEATS.test(await readFile(join(root, path), 'utf8'))) suites.push(path);
    }
  }
  return suites.sort();
};
