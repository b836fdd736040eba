import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench } from './bench.js';
import type { Figure } from './report/figure.js';
import { report } from './report/report.js';
import { SIZES } from './sizes.js';

const folder = await mkdtemp(join(tmpdir(), 'ums-bench-'));
const figures: Figure[] = [];
try {
  await bench({ folder, sizes: SIZES, passwordHash: 'argon2id' }, (measured) => void figures.push(...measured));
} finally {
  process.stdout.write(report(figures));
  await rm(folder, { recursive: true, force: true });
}
