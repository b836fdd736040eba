import { describe, expect, it } from '@jest/globals';
import { appendOf, proposedEvent } from '../../../test/sampleEvents.js';
import { appendQueue } from './appendQueue.js';

const isCallerWaiting = () => true;

describe('the queue of appends', () => {
  it('returns all queued appends in order', () => {
    const queue = appendQueue();
    for (const name of ['a', 'b', 'c']) void queue.add(appendOf(name, 'any', 'x'), isCallerWaiting);
    expect(queue.take().map(({ append }) => append.stream.toString())).toEqual(['a', 'b', 'c']);
    expect(queue.size()).toBe(0);
  });

  it('drops an append whose caller has disconnected', () => {
    const queue = appendQueue();
    void queue.add(appendOf('gone', 'any', 'x'), () => false);
    void queue.add(appendOf('here', 'any', 'x'), isCallerWaiting);
    expect(queue.take().map(({ append }) => append.stream.toString())).toEqual(['here']);
  });

  it('limits the bytes of a transaction, but takes at least one append', () => {
    const queue = appendQueue();
    const large = { ...appendOf('s', 'any'), events: [proposedEvent('a', Buffer.alloc(9 * 1024 * 1024))] };
    void queue.add(large, isCallerWaiting);
    void queue.add(large, isCallerWaiting);
    expect([queue.take().length, queue.take().length, queue.take().length]).toEqual([1, 1, 0]);
  });

  it('limits the events of a transaction', () => {
    const queue = appendQueue();
    const many = appendOf('s', 'any', ...Array.from({ length: 1500 }, (_, index) => `${index}`));
    void queue.add(many, isCallerWaiting);
    void queue.add(many, isCallerWaiting);
    expect(queue.take()).toHaveLength(1);
  });

  it('rejects all queued appends', async () => {
    const queue = appendQueue();
    const outcome = queue.add(appendOf('s', 'any', 'x'), isCallerWaiting);
    queue.rejectAll(new Error('gone'));
    await expect(outcome).rejects.toThrow('gone');
    expect(queue.size()).toBe(0);
  });
});
