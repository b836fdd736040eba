import { describe, expect, it } from '@jest/globals';
import { isPictureOutcome } from './pictureOutcome.js';

const webp = Buffer.from('RIFF\x24\0\0\0WEBPVP8 ');
const squares = { 512: webp, 256: webp, 64: webp };

describe('isPictureOutcome', () => {
  it.each([
    ['squares', { kind: 'processed', squares }],
    ['a reason of the list', { kind: 'rejected', reason: 'damaged' }],
  ])('accepts %s', (_, value) => {
    expect(isPictureOutcome(value)).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'processed'],
    ['another kind', { kind: 'over-memory' }],
    ['a reason that is not on the list', { kind: 'rejected', reason: 'canary' }],
    ['no squares', { kind: 'processed' }],
    ['a missing square', { kind: 'processed', squares: { 512: webp, 256: webp } }],
    ['a square of another format', { kind: 'processed', squares: { ...squares, 64: Buffer.from('<html>') } }],
    ['a square that is no bytes', { kind: 'processed', squares: { ...squares, 64: `${webp}` } }],
  ])('U-02 refuses %s', (_, value) => {
    expect(isPictureOutcome(value)).toBe(false);
  });
});
