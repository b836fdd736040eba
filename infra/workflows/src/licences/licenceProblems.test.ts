import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../root.js';
import { licenceProblems } from './licenceProblems.js';
import { lockedPackages } from './lockedPackages.js';

const named = (name: string, licence: string | undefined) => ({
  path: `node_modules/${name}`,
  name,
  version: '1.0.0',
  licence,
});
const EXCEPTIONS = [
  { package: 'words', licence: 'Public Domain', reason: '' },
  { package: '@lib/part-*', licence: 'LGPL-3.0-or-later', reason: '' },
  { package: 'silent', licence: undefined, reason: '' },
];
const EXCEPTED = [
  named('words', 'Public Domain'),
  named('@lib/part-a', 'LGPL-3.0-or-later'),
  named('silent', undefined),
];
const problems = (...packages: ReturnType<typeof named>[]) => licenceProblems([...EXCEPTED, ...packages], EXCEPTIONS);

describe('licenceProblems', () => {
  it('allows permissive licences, choices among them, and exceptions for their packages', () => {
    const others = [named('a', 'MIT'), named('b', '(MIT OR GPL-2.0-only)'), named('c', 'Apache-2.0 AND ISC')];
    expect(problems(...others, named('@lib/part-b', 'Apache-2.0 AND LGPL-3.0-or-later'))).toEqual([]);
  });

  it.each([
    ['another licence', named('a', 'GPL-3.0-only')],
    ['the licence of an exception for another package', named('a', 'LGPL-3.0-or-later')],
    ['words instead of a licence', named('a', 'See the file LICENCE')],
    ['none', named('a', undefined)],
  ])('names a package that has %s', (_what, one) => {
    expect(problems(one)).toEqual([`a 1.0.0 has the licence ${one.licence ?? '(none given)'} (node_modules/a).`]);
  });

  it('names an exception that no package needs any more', () => {
    expect(licenceProblems(EXCEPTED.slice(1), EXCEPTIONS)).toEqual([
      'No package needs the exception for words (Public Domain).',
    ]);
  });

  it('finds nothing to object to in the lock file of this repository', async () => {
    const packages = await lockedPackages(ROOT);
    expect(packages.length).toBeGreaterThan(500);
    expect(licenceProblems(packages)).toEqual([]);
  });
});
