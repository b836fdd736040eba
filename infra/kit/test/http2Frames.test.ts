import { describe, expect, it } from '@jest/globals';
import { frameReader } from './http2Frames.js';

const frame = (type: number, payload: number): Buffer => {
  const bytes = Buffer.alloc(9 + payload, type);
  bytes.writeUIntBE(payload, 0, 3);
  bytes[3] = type;
  return bytes;
};

describe('frameReader', () => {
  it('yields whole frames for any split of the bytes, and marks those that carry a message', () => {
    const frames = [frame(4, 6), frame(0, 300), frame(0, 0), frame(1, 20), frame(0, 1)];
    const bytes = Buffer.concat(frames);
    for (const step of [1, 7, 100, bytes.length]) {
      const received: [Buffer, boolean][] = [];
      const read = frameReader((whole, isMessage) => received.push([Buffer.from(whole), isMessage]));
      for (let at = 0; at < bytes.length; at += step) read(bytes.subarray(at, at + step));
      expect(received).toEqual(frames.map((whole, index) => [whole, [1, 4].includes(index)]));
    }
  });
});
