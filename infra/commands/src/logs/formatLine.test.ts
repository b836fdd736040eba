import { describe, expect, it } from '@jest/globals';
import { formatLine } from './formatLine.js';

const line = { level: 'info', time: '2026-11-26T12:00:00.000Z', service: 'projector', msg: 'event projected' };

describe('formatLine', () => {
  it('shows time, level, service and message, then the other fields', () => {
    expect(formatLine({ ...line, position: '7', count: 2, reason: 'two words', role: '' })).toBe(
      '2026-11-26T12:00:00.000Z info  projector   event projected position=7 count=2 reason="two words" role=""',
    );
  });

  it('shows an error and its causes below the line', () => {
    const cause = { name: 'RangeError', frames: ['at b (b.ts:2:2)'] };
    const error = {
      name: 'StartRefused',
      code: 'E1',
      message: 'Port 80 is taken.',
      frames: ['at a (a.ts:1:1)'],
      cause,
    };
    expect(
      formatLine({ ...line, error })
        .split('\n')
        .slice(1),
    ).toEqual([
      '    StartRefused E1 Port 80 is taken.',
      '        at a (a.ts:1:1)',
      '    cause: RangeError',
      '            at b (b.ts:2:2)',
    ]);
  });

  it('L-02 prints no control character, wherever it is in the line', () => {
    const evil = 'a\u001b[2J\n\u009b\u2028b';
    const shown = formatLine({
      ...{ time: evil, level: evil, service: evil, msg: evil, [evil]: evil, userId: { a: evil } },
      error: { name: evil, code: evil, message: evil, frames: [evil], cause: { name: evil } },
    });
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    expect(shown.split('\n')).toHaveLength(4);
  });
});
