import { describe, expect, it, jest } from '@jest/globals';
import type { Message } from '@ums/contracts/messages/message';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { silentLog } from '@ums/kit/log';
import type { Consumer } from '@ums/kit/message-source/messageSource';
import { onceSettled } from './onceSettled.js';

const MESSAGE = {} as Message;

describe('onceSettled', () => {
  it('G-03 handles no message before erasures are applied again to a restored vault', async () => {
    const handle = jest.fn<Consumer['handle']>(async () => 'done');
    const outage = new DependencyUnavailable('vault');
    const answers = [async () => false, () => Promise.reject<boolean>(outage), async () => true];
    const consumer = onceSettled({ handle }, { ready: () => (answers.shift() ?? (async () => true))() }, silentLog);
    const outcomes = [];
    for (let turn = 0; turn < 4; turn++)
      outcomes.push([await consumer.handle(MESSAGE, undefined), handle.mock.calls.length]);
    expect(outcomes).toEqual([
      ['later', 0],
      ['later', 0],
      ['done', 1],
      ['done', 2],
    ]);
  });

  it('fails with a defect, which waiting does not mend', async () => {
    const consumer = onceSettled(
      { handle: jest.fn<Consumer['handle']>() },
      { ready: () => Promise.reject(new TypeError('a defect')) },
      silentLog,
    );
    await expect(consumer.handle(MESSAGE, undefined)).rejects.toThrow('a defect');
  });
});
