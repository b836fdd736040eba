import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BENCH_PARTS, bench } from './bench.js';
import { currentNode, fetchedNode } from './program/nodeVersions.js';
import type { Figure } from './report/figure.js';
import { report } from './report/report.js';
import { SIZES } from './sizes.js';

/** Arguments select parts of the bench. */
const words = process.argv.slice(2);
const parts = BENCH_PARTS.filter((part) => words.length === 0 || words.includes(part));
const folder = await mkdtemp(join(tmpdir(), 'ums-bench-'));
const figures: Figure[] = [];
try {
  const nodes = [currentNode, ...(currentNode.name === 'Node 24' ? [] : [await fetchedNode(24)])];
  const options = { folder, sizes: SIZES, passwordHash: 'argon2id', nodes };
  await bench(options, (measured) => void figures.push(...measured), parts);
} finally {
  process.stdout.write(report(figures));
  await rm(folder, { recursive: true, force: true });
}
