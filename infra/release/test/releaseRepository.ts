import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../../engines/test/atEndOfFile.js';

const ROOT = join(import.meta.dirname, '../../..');

export interface Manifest {
  version: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** A repository with the files that a release reads and writes, and no other. */
export interface ReleaseRepository {
  folder: string;
  /** The manifests of the root and of all workspaces. */
  manifests(): Manifest[];
  read(path: string): string;
  write(path: string, text: string): void;
  git(...args: string[]): string;
  /** An empty commit with this message. */
  commit(message: string): void;
  /** `npm run -s <script> -- <args>`. */
  npm(script: string, ...args: string[]): { status: number | null; stdout: string; stderr: string };
}

const PATHS = [
  ...['.gitignore', '.npmrc', 'CHANGELOG.md', 'biome.json', 'docker-compose.yml', 'package-lock.json'],
  ...['contracts/public', 'infra/asyncapi', 'infra/release', 'package.json'],
];

/** The repository after a first commit that has the tag of the current version. */
export const releaseRepository = async (): Promise<ReleaseRepository> => {
  const folder = await temporaryFolder('ums-release-');
  const { workspaces, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const manifests: string[] = workspaces.map((workspace: string) => `${workspace}/package.json`);
  for (const path of [...PATHS, ...manifests]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const person = { NAME: 'Ada', EMAIL: 'ada@example.org' };
  const identity = Object.entries(person).flatMap(([name, value]) => [
    [`GIT_AUTHOR_${name}`, value],
    [`GIT_COMMITTER_${name}`, value],
  ]);
  const env = { ...process.env, ...Object.fromEntries(identity), GIT_CONFIG_GLOBAL: '/dev/null' };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, env, encoding: 'utf8' });
  const repository: ReleaseRepository = {
    folder,
    manifests: () => ['package.json', ...manifests].map((path) => JSON.parse(repository.read(path))),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    write: (path, text) => writeFileSync(join(folder, path), text),
    git,
    commit: (message) => void git('commit', '-q', '--allow-empty', '-m', message),
    npm: (script, ...args) =>
      spawnSync('npm', ['run', '-s', script, '--', ...args], { cwd: folder, env, encoding: 'utf8' }),
  };
  git('init', '-q', '-b', 'main');
  writeFileSync(join(folder, '.git/info/exclude'), 'node_modules\n');
  git('add', '-A');
  repository.commit('chore: start');
  git('tag', `v${version}`);
  return repository;
};
