import { describe, expect, it } from '@jest/globals';
import { uploadSlots } from './uploadSlots.js';

describe('uploadSlots', () => {
  it('R-05 refuses more uploads of a sender at once than allowed, and frees each slot once', () => {
    const { take } = uploadSlots({ most: 32, mostPerSender: 4 });
    const frees = Array.from({ length: 4 }, () => take('a'));
    expect(() => take('a')).toThrow(expect.objectContaining({ slug: 'too-many-uploads' }));
    take('b')();
    for (let time = 1; time <= 2; time++) frees[0]?.();
    take('a');
    expect(() => take('a')).toThrow(expect.objectContaining({ slug: 'too-many-uploads' }));
  });

  it('R-05 refuses what exceeds the bound of all senders', () => {
    const { take } = uploadSlots({ most: 32, mostPerSender: 4 });
    const frees = Array.from({ length: 32 }, (_, index) => take(String(index)));
    expect(() => take('another')).toThrow(expect.objectContaining({ slug: 'busy' }));
    frees[7]?.();
    take('another');
  });
});
