import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

/** Of semver, which has no types of its own. */
interface Ranges {
  /** Whether all versions of a range are in the other one. */
  subset(range: string, other: string): boolean;
}
interface LockedPackage {
  optional?: boolean;
  engines?: { node?: string };
}

const ROOT = join(import.meta.dirname, '..', '..');
const { subset } = createRequire(import.meta.url)('semver') as Ranges;
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const { node } = (JSON.parse(text('package.json')) as { engines: { node: string } }).engines;

/** `npm ci` refuses a package whose range is narrower, and names one that its reader has never heard of. */
it('admits no Node that a package in the lock file refuses', () => {
  const { packages } = JSON.parse(text('package-lock.json')) as { packages: Record<string, LockedPackage> };
  const narrower = Object.entries(packages).filter(
    ([, { optional, engines }]) => !optional && engines?.node !== undefined && !subset(node, engines.node),
  );
  expect(narrower.map(([name]) => name)).toEqual([]);
});

it.each(['README.md', 'CONTRIBUTING.md', 'docs/install.md'])('is named in %s as npm is told', (page) => {
  const versions = node.split(' || ').map((range) => range.replace('^', ''));
  expect(versions).toEqual(['20.19', '22.13', '24']);
  expect(text(page)).toContain('You need Node 24 (recommended), 20 from 20.19 on, or 22 from 22.13 on,');
});
