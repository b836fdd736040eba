import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countParts } from './countParts.js';

describe('countParts', () => {
  const counted = (chunks: readonly string[]): number => {
    const parts = countParts('b');
    for (const chunk of chunks) parts.add(Buffer.from(chunk));
    return parts.count();
  };

  it('counts the delimiters, but neither the closing one nor text that is like one', () => {
    expect(counted(['--b\r\n\r\na\r\n--b\r\n\r\nb\r\n--b--\r\n'])).toBe(2);
    expect(counted(['preamble\r\n--b\r\n\r\na --b\r\n --b\r\n\r\n-b\r\n\r\n--b--'])).toBe(1);
    expect(counted(['--b \r\n\r\na\r\n--bc\r\n\r\nb\r\n--b--'])).toBe(2);
    expect(counted(['--b\r\n--b\r\n'])).toBe(2);
    expect(counted([])).toBe(0);
  });

  it('counts the same however the form is cut into chunks', () => {
    const form = 'x\r\n--b\r\n\r\na\r\n--b\r\n--b\r\n\r\n--b--\r\n';
    fc.assert(
      fc.property(fc.array(fc.nat(form.length)), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), form.length];
        expect(counted(at.slice(1).map((end, i) => form.slice(at[i], end)))).toBe(counted([form]));
      }),
    );
  });
});
