import { describe, expect, it } from '@jest/globals';
import { BadLicenceExpression, isSatisfied } from './spdx.js';

const satisfied = (expression: string) => isSatisfied(expression, (licence) => licence.startsWith('good'));

describe('isSatisfied', () => {
  it.each([
    ['good', true],
    ['bad', false],
    ['good AND bad', false],
    ['good1 AND good2', true],
    ['(bad OR good)', true],
    ['bad1 OR bad2', false],
    ['bad AND bad OR good', true],
    ['good OR bad AND bad', true],
    ['(good OR bad) AND bad', false],
    ['((good))', true],
  ])('%s is %s', (expression, expected) => {
    expect(satisfied(expression)).toBe(expected);
  });

  it.each(['', '(good', 'good)', 'good AND', 'OR good', 'good good', 'SEE LICENSE IN x'])(
    'refuses "%s"',
    (expression) => {
      expect(() => satisfied(expression)).toThrow(BadLicenceExpression);
    },
  );
});
