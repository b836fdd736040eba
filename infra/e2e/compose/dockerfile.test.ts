import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROGRAMS, ROOT, readText, serviceOf } from './composeFile.js';

const instructions = readText('Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const starting = (word: string): string[] => instructions.filter((line) => line.startsWith(`${word} `));
const jsonOf = (line = ''): unknown => JSON.parse(line.slice(line.indexOf('[')));

const packageJson = JSON.parse(readText('package.json')) as { workspaces: string[]; scripts: { start: string } };

/** Paths that the final stage copies, from the build or from the repository. */
const copied = instructions
  .slice(instructions.lastIndexOf('FROM base'))
  .flatMap((line) => /^COPY (?:--from=build \/app\/)?(\S+) \S+$/.exec(line)?.[1] ?? []);

describe('the Dockerfile', () => {
  it('is based on an exact version of the Node that this repository recommends', () => {
    const [base] = starting('FROM');
    expect(base).toMatch(/^FROM node:\d+\.\d+\.\d+-bookworm-slim AS base$/);
    expect(base).toContain(`node:${readText('.nvmrc').trim()}.`);
    const stages = starting('FROM').map((line) => line.split(' ')[3]);
    for (const line of starting('FROM').slice(1)) expect(stages).toContain(line.split(' ')[1]);
  });

  const optionsOfStart = packageJson.scripts.start.match(/--\S+/g) ?? [];

  it('runs programs with the options of npm start, as a user without privileges and as the first process, which gets the signals', () => {
    expect(starting('USER')).toEqual(['USER node']);
    expect(jsonOf(starting('ENTRYPOINT')[0])).toEqual(['node', ...optionsOfStart]);
    expect(optionsOfStart).not.toEqual([]);
    expect(starting('CMD')).toEqual([]);
  });

  it('installs without install scripts, and applies the patches to the packages of the image', () => {
    const installs = starting('RUN').filter((line) => line.includes('npm ci'));
    for (const line of installs) expect(line).toContain('--ignore-scripts');
    const [production] = installs.filter((line) => line.includes('--omit=dev'));
    expect(production).toMatch(/npm ci .*&& node_modules\/\.bin\/patch-package --error-on-fail/);
  });

  it('gives npm the manifest of every workspace', () => {
    const { workspaces } = packageJson;
    const manifests = starting('COPY').flatMap((line) => /^COPY (\S+)\/package\.json \1\/$/.exec(line)?.[1] ?? []);
    expect(manifests.sort()).toEqual([...workspaces].sort());
  });

  it('copies files that exist or that the build makes', () => {
    const sources = copied.filter((path) => !/\/(dist|generated)$/.test(path));
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('contains every program of docker-compose.yml, the migrations, and the health check', () => {
    for (const name of PROGRAMS) {
      const [program = ''] = serviceOf(name).command ?? [];
      expect(copied).toContain(program.replace(/\/dist\/.*/, '/dist'));
      expect(existsSync(join(ROOT, program.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
    }
    for (const name of ['command-api', 'projector', 'notifier', 'notary'])
      expect(copied).toContain(`${name}/migrations`);
    const [, program = ''] = jsonOf(starting('HEALTHCHECK')[0]) as string[];
    expect(copied).toContain(program);
  });

  it('checks the health that docker-compose.yml checks', () => {
    const test = ['CMD', ...(jsonOf(starting('HEALTHCHECK')[0]) as string[])];
    for (const name of ['command-api', 'query-api', 'projector', 'notifier', 'notary']) {
      expect(serviceOf(name).healthcheck?.test).toEqual(test);
    }
  });
});

describe('.dockerignore', () => {
  it('keeps secrets, data and history out of the image', () => {
    expect(readText('.dockerignore').split('\n')).toEqual(
      expect.arrayContaining(['**/.env*', '.git', 'data', '**/node_modules']),
    );
  });
});
