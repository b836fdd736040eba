import { describe, expect, it } from '@jest/globals';
import { noteWait, type Wait, waitOf } from './wait.js';

const wait: Wait = { dependency: 'vault', limit: 'no answer within 5 ms', waitedMs: 5 };

describe('noteWait', () => {
  it('returns the error unchanged, and its wait is found through causes', () => {
    const error = new Error('down');
    expect(noteWait(error, wait)).toBe(error);
    expect(Object.keys(error)).toEqual([]);
    expect(waitOf(new Error('outer', { cause: new Error('inner', { cause: error }) }))).toBe(wait);
  });

  it('keeps the first wait, which is closest to the dependency', () => {
    const error = noteWait(new Error('down'), wait);
    const outer = noteWait(new Error('outer', { cause: error }), { ...wait, limit: 'another' });
    expect(waitOf(outer)).toBe(wait);
  });

  it('ignores what is no object', () => {
    for (const thrown of ['down', undefined, null]) expect(waitOf(noteWait(thrown, wait))).toBeUndefined();
    expect(waitOf(new Error('other'))).toBeUndefined();
  });
});
