import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench } from './bench.js';
import { chooseParts } from './chooseParts.js';
import { comparedNodes } from './program/nodeVersions.js';
import { report } from './report/report.js';
import { SIZES } from './sizes.js';

const { parts, notes } = chooseParts(process.argv.slice(2));
for (const note of notes) process.stderr.write(`${note}\n`);
if (parts.length === 0) process.exit(1);
const folder = await mkdtemp(join(tmpdir(), 'ums-bench-'));
try {
  const options = { folder, sizes: SIZES, passwordHash: 'argon2id', nodes: await comparedNodes() };
  // Each part at once: the whole takes long and may be ended before its last part.
  await bench(options, (measured) => void process.stdout.write(`${report(measured)}\n`), parts);
} finally {
  await rm(folder, { recursive: true, force: true });
}
