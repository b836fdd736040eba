import { describe, expect, it } from '@jest/globals';
import { describedStream, metadataStreamOf } from './streamNames.js';

const described = (name: string) => describedStream(Buffer.from(name))?.toString();

describe('the name of a metadata stream', () => {
  it('is that of its stream after two dollar signs', () => {
    for (const name of ['s', '$s', '$$$$s', 'ä'])
      expect(described(metadataStreamOf(Buffer.from(name)).toString())).toBe(name);
  });

  it('is not the name of a stream that has metadata', () => {
    for (const name of ['s', '$s', 's$$', '$$$$s', '']) expect(described(name)).toBeUndefined();
    expect(described('$$$scavenges')).toBe('$scavenges');
    expect(described('$$$$$$s')).toBe('$$$$s');
  });
});
