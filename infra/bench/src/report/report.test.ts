import { describe, expect, it } from '@jest/globals';
import { isMet } from './figure.js';
import { report } from './report.js';

const figure = { name: 'P0 example', measured: 1.2345, unit: 'ms', target: { atMost: 2 }, details: 'by hand' };
const rate = { name: 'rate', measured: 1999.6, unit: '1/s', target: { atLeast: 2_000 }, details: 'by clock' };

describe('report', () => {
  it('prints each figure with its unit, its target and whether the target was met', () => {
    expect(report([figure, rate])).toBe(
      [
        'figure      measured  unit  target          details',
        'P0 example  1.23      ms    ≤ 2     met     by hand',
        'rate        2000      1/s   ≥ 2000  MISSED  by clock',
        '',
      ].join('\n'),
    );
  });

  it('counts a value equal to the target as met', () => {
    expect([isMet({ ...figure, measured: 2 }), isMet({ ...rate, measured: 2_000 })]).toEqual([true, true]);
  });
});
