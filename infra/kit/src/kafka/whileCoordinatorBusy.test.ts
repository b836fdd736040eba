import { describe, expect, it } from '@jest/globals';
import { whileCoordinatorBusy } from './whileCoordinatorBusy.js';

const busy = () => Object.assign(new Error('none'), { name: 'KafkaJSGroupCoordinatorNotFound' });

describe('whileCoordinatorBusy', () => {
  it('repeats the request until the coordinator answers', async () => {
    let requests = 0;
    const request = async () => {
      if (++requests < 3) throw busy();
      return 'answer';
    };
    expect(await whileCoordinatorBusy(request, () => false)).toBe('answer');
    expect(requests).toBe(3);
  });

  it('gives up when it is over, and at once after any other failure', async () => {
    let requests = 0;
    const failing = (error: Error) => () => {
      requests += 1;
      return Promise.reject(error);
    };
    await expect(whileCoordinatorBusy(failing(busy()), () => requests === 2)).rejects.toThrow('none');
    await expect(whileCoordinatorBusy(failing(new Error('refused')), () => false)).rejects.toThrow('refused');
    expect(requests).toBe(3);
  });
});
