/**
 * Makes a release of the current commit: `node infra/release/release.mjs [--dry-run] [--release-as <version>]`
 *
 * The version follows from the Conventional Commits since the last tag. The files that have it are changed, the contract is
 * stored as released, and both are committed and tagged. Nothing is pushed.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Bumper } from 'conventional-recommended-bump';
import semver from 'semver';
import { changelogProblems } from './changelog.mjs';
import { versionFiles } from './versionFiles.mjs';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

/** Before 1.0.0, what breaks raises the second number and a feature the third. */
const nextVersion = async (version) => {
  const preset = { name: 'conventionalcommits', preMajor: semver.lt(version, '1.0.0') };
  const bumper = new Bumper(process.cwd()).loadPreset(preset).tag({ prefix: 'v' });
  const { releaseType, reason } = await bumper.bump();
  return { next: semver.inc(version, releaseType), reason };
};

const options = { 'dry-run': { type: 'boolean', default: false }, 'release-as': { type: 'string' } };
const { values } = parseArgs({ options });
const { version, workspaces } = JSON.parse(readFileSync('package.json', 'utf8'));

const changed = git('status', '--porcelain');
const problems = [
  ...(changed === '' ? [] : [`There are changes that are not committed:\n${changed.trimEnd()}`]),
  ...changelogProblems(readFileSync('CHANGELOG.md', 'utf8')),
];
if (problems.length > 0) fail(problems.join('\n'));

const asked = values['release-as'];
if (asked !== undefined && semver.valid(asked) !== asked) fail(`${asked} is not a version, such as 1.0.0.`);
const { next, reason } = asked === undefined ? await nextVersion(version) : { next: asked, reason: 'As asked for.' };
const tag = `v${next}`;
if (git('tag', '--list', tag) !== '') fail(`The tag ${tag} exists.`);
process.stdout.write(`${version} -> ${next}. ${reason}\n`);

if (values['dry-run']) {
  process.stdout.write('This is a dry run: nothing is changed.\n');
} else {
  const files = versionFiles(workspaces, new Date().toISOString().slice(0, 10));
  for (const [path, written] of Object.entries(files)) writeFileSync(path, written(readFileSync(path, 'utf8'), next));
  // What later versions must not break.
  execFileSync('npm', ['run', '-s', 'contract:release'], { stdio: 'inherit' });
  git('add', ...Object.keys(files), 'contracts/public');
  git('commit', '--quiet', '--message', `chore(release): ${tag}`);
  git('tag', '--annotate', '--message', tag, tag);
  process.stdout.write(`${tag} is committed and tagged. To publish it: git push --follow-tags\n`);
}
