/**
 * Makes the files of a release in `release/`: the sources, a bill of materials, the notes, and their checksums:
 * `node infra/release/makeArtifact.mjs v<version>`
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notesOf } from './changelog.mjs';

const FOLDER = 'release';
const run = (program, ...args) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const [tag] = process.argv.slice(2);
if (tag !== `v${version}`) fail(`The tag is ${tag ?? 'missing'}, but package.json has the version ${version}.`);

// Before a release is made, its artifact can be rehearsed, with the notes that it would have.
const isReleased = run('git', 'tag', '--points-at', 'HEAD').split('\n').includes(tag);
const text = readFileSync('CHANGELOG.md', 'utf8');
const notes = notesOf(text, version) ?? (isReleased ? undefined : notesOf(text));
if (notes === undefined) fail(`CHANGELOG.md has no section for ${version}.`);
if (!isReleased) process.stdout.write(`The current commit has no tag ${tag}: this is a rehearsal.\n`);

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER);
const prefix = `${name}-${version}`;
run('git', 'archive', '--format=tar.gz', `--prefix=${prefix}/`, `--output=${join(FOLDER, `${prefix}.tar.gz`)}`, 'HEAD');
run('npm', 'run', '-s', 'sbom');
writeFileSync(join(FOLDER, 'RELEASE_NOTES.md'), `${notes}\n`);
const sums = readdirSync(FOLDER).map((file) => {
  const sum = createHash('sha256').update(readFileSync(join(FOLDER, file)));
  return `${sum.digest('hex')}  ${file}\n`;
});
writeFileSync(join(FOLDER, 'SHA256SUMS'), sums.join(''));
process.stdout.write(sums.join(''));
