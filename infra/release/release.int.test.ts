import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ReleaseRepository, releaseRepository } from './test/releaseRepository.js';

interface LockEntry {
  name?: string;
  version?: string;
  dev?: boolean;
  link?: boolean;
}

const CHANGELOG = `# Changelog

## Unreleased

### Upgrade

- Nothing to do.

### Added

- Something.

## 0.0.9 - 2026-01-01

- Older.
`;

const released = (version: string, level: 'major' | 'minor' | 'patch'): string => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (level === 'major') return `${major + 1}.0.0`;
  return level === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
};
const currentOf = ({ read }: ReleaseRepository): string => JSON.parse(read('package.json')).version;
const headOf = ({ git }: ReleaseRepository): string => git('rev-parse', 'HEAD');

/** A repository with a changelog that can be released, after a repair. */
const readyRepository = async (): Promise<ReleaseRepository> => {
  const repository = await releaseRepository();
  repository.write('CHANGELOG.md', CHANGELOG);
  repository.git('commit', '-q', '-a', '-m', 'fix: repair it');
  return repository;
};

describe('npm run release', () => {
  let repository: ReleaseRepository;
  let version: string;
  let printed: string;
  beforeAll(async () => {
    repository = await readyRepository();
    version = released(currentOf(repository), 'patch');
    const { status, stdout, stderr } = repository.npm('release');
    expect([stderr, status]).toEqual(['', 0]);
    printed = stdout;
  }, 180_000);

  it('writes the version into every file that has it', () => {
    const manifests = repository.manifests();
    expect(new Set(manifests.map((manifest) => manifest.version))).toEqual(new Set([version]));
    const own = manifests
      .flatMap((manifest) => Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      .filter(([name]) => name.startsWith('@ums/'));
    expect(new Set(own.map(([, range]) => range))).toEqual(new Set([version]));
    expect(repository.read('docker-compose.yml')).toContain(`image: user-management-service:${version}\n`);
  });

  it('keeps the lock file in step', () => {
    const { packages } = JSON.parse(repository.read('package-lock.json'));
    expect([packages[''].version, packages['infra/kit'].version]).toEqual([version, version]);
    expect(packages['infra/commands'].dependencies).toMatchObject({
      '@ums/kit': version,
      pg: expect.stringMatching(/^\^8/),
    });
    expect(packages['node_modules/pg'].version).toMatch(/^8\./);
    expect(packages['node_modules/@ums/kit']).toEqual({ resolved: 'infra/kit', link: true });
  });

  it('gives what is unreleased in the changelog the version and the date', () => {
    const [, date] =
      new RegExp(`^## ${version} - (\\d{4}-\\d{2}-\\d{2})$`, 'm').exec(repository.read('CHANGELOG.md')) ?? [];
    expect(repository.read('CHANGELOG.md')).toBe(
      CHANGELOG.replace('## Unreleased\n', `## Unreleased\n\n## ${version} - ${date}\n`),
    );
  });

  it('stores the contract as released, commits, tags, and says how to publish', () => {
    const contract = (path: string) => JSON.parse(repository.read(`contracts/public/${path}`));
    expect(contract('released/asyncapi.json')).toEqual(contract('asyncapi.json'));
    expect(repository.git('status', '--porcelain')).toBe('');
    expect(repository.git('log', '-1', '--format=%s')).toBe(`chore(release): v${version}\n`);
    expect(repository.git('tag', '--points-at', 'HEAD')).toBe(`v${version}\n`);
    expect(printed).toContain('git push --follow-tags');
  });

  it('refuses a second release of nothing', () => {
    const head = headOf(repository);
    expect(repository.npm('release')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('CHANGELOG.md lists no change under "Unreleased".'),
    });
    expect(headOf(repository)).toBe(head);
  });

  describe('npm run release:artifact', () => {
    const files = () => readdirSync(join(repository.folder, 'release')).sort();
    beforeAll(() => {
      expect(repository.npm('release:artifact', `v${version}`)).toMatchObject({ status: 0, stderr: '' });
    }, 180_000);

    it('makes the sources and notes of a tag', () => {
      const archive = `user-management-service-${version}.tar.gz`;
      expect(files()).toEqual(['RELEASE_NOTES.md', 'SHA256SUMS', 'sbom.cdx.json', archive].sort());
      expect(repository.read('release/RELEASE_NOTES.md')).toBe(
        '### Upgrade\n\n- Nothing to do.\n\n### Added\n\n- Something.\n',
      );
      const listed = execFileSync('tar', ['-tzf', `release/${archive}`], { cwd: repository.folder, encoding: 'utf8' });
      expect(listed).toContain(`user-management-service-${version}/package.json\n`);
    });

    it('makes checksums that fit', () => {
      const sums = repository.read('release/SHA256SUMS').trim().split('\n');
      const pairs = sums.map((line) => line.split('  '));
      expect(pairs.map(([, file]) => file).sort()).toEqual(files().filter((file) => file !== 'SHA256SUMS'));
      for (const [sum, file = ''] of pairs) {
        const contents = readFileSync(join(repository.folder, 'release', file));
        expect(createHash('sha256').update(contents).digest('hex')).toBe(sum);
      }
    });

    it('lists in CycloneDX all that is installed with the service, and nothing that only developers need', () => {
      const sbom = JSON.parse(repository.read('release/sbom.cdx.json'));
      expect([sbom.bomFormat, sbom.metadata.component.name]).toEqual(['CycloneDX', 'user-management-service']);
      const { packages } = JSON.parse(repository.read('package-lock.json')) as { packages: Record<string, LockEntry> };
      const locked = Object.entries(packages).filter(([path, { dev, link }]) => path !== '' && !dev && !link);
      const names = locked.map(
        ([path, { name, version: each }]) => `${name ?? path.replace(/^.*node_modules\//, '')}@${each}`,
      );
      const listed = sbom.components.map((component: Record<string, string>) => component['bom-ref']);
      expect(new Set(listed)).toEqual(new Set(names));
    });

    it('refuses a tag of another version', () => {
      expect(repository.npm('release:artifact', 'v9.9.9')).toMatchObject({
        status: 1,
        stderr: `The tag is v9.9.9, but package.json has the version ${version}.\n`,
      });
    });
  });
});

describe('the next version', () => {
  let repository: ReleaseRepository;
  beforeAll(async () => {
    repository = await readyRepository();
  });

  const rehearse = (...args: string[]) => repository.npm('release', '--dry-run', ...args);

  it.each([
    ['1.2.3', 'fix: repair it', 'patch'],
    ['2.2.3', 'feat: add it', 'minor'],
    ['3.2.3', 'feat!: replace it', 'major'],
    ['4.2.3', 'fix: repair it\n\nBREAKING CHANGE: as never before', 'major'],
  ] as const)('after %s and "%s" is the next %s version', (before, message, level) => {
    pretend(before);
    repository.commit('docs: explain it');
    repository.commit(message);
    expect(rehearse().stdout).toContain(`${before} -> ${released(before, level)}. `);
  });

  it.each([
    ['0.1.3', 'feat: add it', 'patch'],
    ['0.2.3', 'feat!: replace it', 'minor'],
  ] as const)('after %s, which promises nothing yet, and "%s" is the next %s version', (before, message, level) => {
    pretend(before);
    repository.commit(message);
    expect(rehearse().stdout).toContain(`${before} -> ${released(before, level)}. `);
  });

  it('may be asked for, but not twice', () => {
    expect(rehearse('--release-as', '9.0.0').stdout).toContain(' -> 9.0.0. As asked for.');
    expect(rehearse('--release-as', 'v9').stderr).toBe('v9 is not a version, such as 1.0.0.\n');
    repository.git('tag', 'v9.0.0');
    expect(rehearse('--release-as', '9.0.0').stderr).toBe('The tag v9.0.0 exists.\n');
  });

  /** Makes a version the current one, with a tag that is newer than those before. */
  const pretend = (version: string): void => {
    const text = repository.read('package.json');
    repository.write('package.json', text.replace(/"version": "[^"]+"/, `"version": "${version}"`));
    repository.git('commit', '-q', '-a', '-m', 'chore: pretend');
    repository.git('tag', `v${version}`);
  };
});

describe('a release that is not ready', () => {
  let repository: ReleaseRepository;
  beforeAll(async () => {
    repository = await readyRepository();
  });

  it('changes nothing in a dry run', () => {
    const before = [currentOf(repository), headOf(repository)];
    expect(repository.npm('release', '--dry-run').stdout).toContain('This is a dry run: nothing is changed.');
    expect([currentOf(repository), headOf(repository)]).toEqual(before);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  it('has an artifact with the notes of what is unreleased, which is called a rehearsal', () => {
    const tag = `v${currentOf(repository)}`;
    const { stdout } = repository.npm('release:artifact', tag);
    expect(stdout).toContain(`The current commit has no tag ${tag}: this is a rehearsal.`);
    expect(repository.read('release/RELEASE_NOTES.md')).toContain('- Something.');
  });

  it.each([
    ['a change', '### Added\n\n- Something.\n', '', 'CHANGELOG.md lists no change under "Unreleased".'],
    ['what operators do', '- Nothing to do.\n', '', 'CHANGELOG.md says nothing under "### Upgrade"'],
    ['its section', '## Unreleased', '## Elsewhere', 'CHANGELOG.md has no section "Unreleased".'],
  ])('is refused without %s in the changelog', (_what, text, instead, message) => {
    repository.write('CHANGELOG.md', CHANGELOG.replace(text, instead));
    repository.git('commit', '-q', '-a', '-m', 'fix: repair it');
    const head = headOf(repository);
    expect(repository.npm('release')).toMatchObject({ status: 1, stderr: expect.stringContaining(message) });
    expect([headOf(repository), repository.git('status', '--porcelain')]).toEqual([head, '']);
  });

  it('is refused with a tag that has no notes', () => {
    const tag = `v${currentOf(repository)}`;
    repository.git('tag', '-f', tag);
    const stderr = `CHANGELOG.md has no section for ${tag.slice(1)}.\n`;
    expect(repository.npm('release:artifact', tag)).toMatchObject({ status: 1, stderr });
  });

  it('is refused while there are changes that are not committed', () => {
    repository.write('new.txt', '');
    const stderr = expect.stringContaining('There are changes that are not committed:\n?? new.txt');
    expect(repository.npm('release')).toMatchObject({ status: 1, stderr });
  });
});
