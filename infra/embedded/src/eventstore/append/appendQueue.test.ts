import { describe, expect, it } from '@jest/globals';
import { appendOf, proposedEvent } from '../../../test/sampleEvents.js';
import { appendQueue } from './appendQueue.js';

const wanted = () => true;

describe('the queue of appends', () => {
  it('hands out all that waits, in the order it came', () => {
    const queue = appendQueue();
    for (const name of ['a', 'b', 'c']) void queue.add(appendOf(name, 'any', 'x'), wanted);
    expect(queue.take().map(({ append }) => append.stream.toString())).toEqual(['a', 'b', 'c']);
    expect(queue.size()).toBe(0);
  });

  it('drops an append unwritten when its caller has gone', () => {
    const queue = appendQueue();
    void queue.add(appendOf('gone', 'any', 'x'), () => false);
    void queue.add(appendOf('here', 'any', 'x'), wanted);
    expect(queue.take().map(({ append }) => append.stream.toString())).toEqual(['here']);
  });

  it('bounds a transaction by bytes, but always takes one append', () => {
    const queue = appendQueue();
    const large = { ...appendOf('s', 'any'), events: [proposedEvent('a', Buffer.alloc(9 * 1024 * 1024))] };
    void queue.add(large, wanted);
    void queue.add(large, wanted);
    expect([queue.take().length, queue.take().length, queue.take().length]).toEqual([1, 1, 0]);
  });

  it('bounds a transaction by events', () => {
    const queue = appendQueue();
    const many = appendOf('s', 'any', ...Array.from({ length: 1500 }, (_, index) => `${index}`));
    void queue.add(many, wanted);
    void queue.add(many, wanted);
    expect(queue.take()).toHaveLength(1);
  });

  it('rejects all that waits', async () => {
    const queue = appendQueue();
    const outcome = queue.add(appendOf('s', 'any', 'x'), wanted);
    queue.rejectAll(new Error('gone'));
    await expect(outcome).rejects.toThrow('gone');
    expect(queue.size()).toBe(0);
  });
});
