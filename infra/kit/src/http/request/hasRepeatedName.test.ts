import { describe, expect, it } from '@jest/globals';
import { hasRepeatedName } from './hasRepeatedName.js';

const isRefused = (text: string) => hasRepeatedName(text, JSON.parse(text));

describe('hasRepeatedName', () => {
  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"b":2,"a" \n:1}',
    '{"a":1,"\\u0061":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"":1,"":2}',
    '[{"a":{"b":1,"b":2}}]',
    '{"a\\"":1,"a\\"":2}',
  ])('I-03 finds it in %s', (text) => expect(isRefused(text)).toBe(true));

  it.each([
    '{}',
    '[]',
    '{"a":1,"b":2}',
    '{"a":{"a":{"a":[{"a":1},{"a":1}]}}}',
    '{"__proto__":1,"constructor":2}',
    '{"a":"\\"a\\":1","b":"a:b","c":["a","a"]}',
    '{"a":"\\\\","b":":"}',
    '{"a":"b"   ,   "c":"a\\\\\\":"}',
  ])('finds none in %s', (text) => expect(isRefused(text)).toBe(false));

  it('takes linear time', () => {
    const started = process.cpuUsage();
    isRefused(JSON.stringify({ a: '"\\'.repeat(16_000) }));
    isRefused(`{"a":"b"${' '.repeat(64_000)}}`);
    // A busy machine may pause this process, but that takes none of its processor time.
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(1_000);
  });
});
