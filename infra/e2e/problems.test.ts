import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { COMMAND_PROBLEMS } from '@ums/command-api/problems';
import { PROBLEM_PAGES } from '@ums/contracts/http/problemPages';
import { BASE_PROBLEMS, type Problems } from '@ums/kit/http/problem/problems';
import { QUERY_PROBLEMS } from '@ums/query-api/problems';
import { repositoryFiles } from '../rules/repositoryFiles.js';

const PROBLEMS: Problems = { ...BASE_PROBLEMS, ...QUERY_PROBLEMS, ...COMMAND_PROBLEMS };

/** Refusals that no request gets: of the operator's command, and of the reconciler. */
const WITHOUT_RESPONSE = ['administrator-exists', 'not-erased'];

describe('the pages of problems', () => {
  it('exist for every slug, with its status, and for no other', () => {
    const statuses = Object.entries(PROBLEMS).map(([slug, [status]]) => [slug, status]);
    expect(
      Object.entries(PROBLEM_PAGES)
        .map(([slug, { status }]) => [slug, status])
        .sort(),
    ).toEqual(statuses.sort());
  });

  it('exist for every slug that a source refuses with', () => {
    const files = repositoryFiles(join(import.meta.dirname, '..', '..'));
    const sources = files.filter(({ path }) => /\/src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'));
    const slugs = sources.flatMap(({ text }) =>
      [...text.matchAll(/new Refused\(\s*'([^']+)'/g)].map(([, slug]) => slug ?? ''),
    );
    expect(slugs.length).toBeGreaterThan(20);
    expect(slugs.filter((slug) => !(slug in PROBLEM_PAGES)).sort()).toEqual(WITHOUT_RESPONSE);
  });

  it('describe each problem in sentences', () => {
    for (const { description } of Object.values(PROBLEM_PAGES)) expect(description).toMatch(/^[A-Z].*\.$/);
  });
});
