import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { METRICS } from './test/metricList.js';

const README = join(import.meta.dirname, '..', '..', 'README.md');

/** Names of metrics anywhere in the README. */
const named = (): string[] =>
  [...readFileSync(README, 'utf8').matchAll(/`((?:ums|http|db|nodejs|process)_\w+)(?:\{[^`]*\})?`/g)].map(
    ([, name = '']) => name,
  );

it('the README names only metrics that exist', () => {
  expect(named().length).toBeGreaterThan(20);
  expect(named().filter((name) => METRICS[name] === undefined)).toEqual([]);
});
