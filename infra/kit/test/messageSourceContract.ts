import { expect, it } from '@jest/globals';
import type { MessageOutcome } from '@ums/kit/message-source/messageSource';
import { StartRefused } from '@ums/kit/startRefused';
import type { ConsumerTestbed } from './consumerTestbed.js';
import { until } from './until.js';

/** What consumers rely on, whatever the source: call it inside `describe`, with its testbed. */
export const messageSourceContract = (testbed: ConsumerTestbed): void => {
  const { append, consume, reached } = testbed;

  it('F-24 delivers the messages of the wanted types, and moves its checkpoint past every event', async () => {
    const handled: string[] = [];
    const before = await append();
    await consume(async ({ eventId }) => {
      handled.push(eventId);
      return 'done';
    });
    await append('UserRenamed');
    const after = await append();
    const { position } = await append('UserRenamed');

    await reached(position);

    expect(handled).toEqual([before.id, after.id]);
  });

  it('F-24 gives the handler the pointer to the event', async () => {
    const { id, userId, position } = await append();
    const pointers: unknown[] = [];
    await consume(async ({ eventId, key, pointer }) => {
      pointers.push({ eventId, key, ...pointer });
      return 'done';
    });

    await reached(position);

    const pointer = { stream: `user-${userId}`, revision: 0n, type: 'UserErased', position };
    expect(pointers).toEqual([{ eventId: id, key: userId, ...pointer }]);
  });

  it('F-24 continues after its checkpoint, and repeats what was not finished', async () => {
    const first = await append();
    const stuck = await append();
    const third = await append();
    await consume(async ({ eventId }) => (eventId === stuck.id ? 'later' : 'done'));
    await reached(first.position);
    await testbed.stopAll();
    const handled: string[] = [];

    await consume(async ({ eventId }) => {
      handled.push(eventId);
      return 'done';
    });
    await reached(third.position);

    expect(handled).toEqual([stuck.id, third.id]);
  });

  it('F-24 lets a message that must wait delay only its own key, in order', async () => {
    const handled: string[] = [];
    let isUp = false;
    const stuck = await append();
    const next = await append('UserErased', stuck.userId);
    const other = await append();
    await consume(async ({ eventId }) => {
      if (eventId === stuck.id && !isUp) return 'later';
      handled.push(eventId);
      return 'done';
    });
    await until(() => handled.length === 1);
    isUp = true;
    await reached(other.position);

    expect(handled).toEqual([other.id, stuck.id, next.id]);
  });

  it('F-24 starts no more messages beyond its checkpoint than the limit', async () => {
    const handled: string[] = [];
    const stuck = await append();
    for (let n = 0; n < 5; n++) await append();
    let isUp = false;
    await consume(
      async ({ eventId }) => {
        if (eventId === stuck.id && !isUp) return 'later';
        handled.push(eventId);
        return 'done';
      },
      { beyondCheckpoint: 3 },
    );
    await until(() => handled.length === 2);
    const { position } = await append();
    expect(handled).toHaveLength(2);

    isUp = true;
    await reached(position);

    expect(handled).toHaveLength(7);
  });

  it('F-24 handles each message in one of two instances, and the other one continues where the first stopped', async () => {
    const handled: string[] = [];
    const handle = (name: string) => async (): Promise<MessageOutcome> => {
      handled.push(name);
      return 'done';
    };
    const stopFirst = await consume(handle('first'));
    const { position } = await append();
    await reached(position);
    await consume(handle('second'));

    stopFirst();
    const next = await append();
    await reached(next.position);

    expect(handled).toEqual(['first', 'second']);
  });

  it('F-12 refuses to run on another log than the one its checkpoint came from', async () => {
    const { position } = await append();
    await consume(async () => 'done');
    await reached(position);
    await testbed.stopAll();
    await testbed.newLog();

    await expect(consume(async () => 'done')).rejects.toThrow(StartRefused);
  });

  it('F-32 finishes the running handler when it stops, and does not repeat its message', async () => {
    const handled: string[] = [];
    let finish: () => void = () => undefined;
    const { id } = await append();
    const stop = await consume(async ({ eventId }) => {
      handled.push(eventId);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return 'done';
    });
    await until(() => handled.length === 1);
    stop();
    finish();
    await testbed.stopAll();
    const next = await append();

    await consume(async ({ eventId }) => {
      handled.push(eventId);
      return 'done';
    });
    await reached(next.position);

    expect(handled).toEqual([id, next.id]);
  });
};
