import { expect, it } from '@jest/globals';
import type { ConsumerTestbed } from './consumerTestbed.js';
import { until } from './until.js';

/** What becomes of messages that can never be handled, whatever the source: call it inside `describe`, with its testbed. */
export const deadLetterContract = (testbed: ConsumerTestbed): void => {
  const { append, consume, reached } = testbed;
  const list = () => testbed.deadLetters().list();

  it('F-24 stores a dead message as a pointer, and continues its lane', async () => {
    const dead = await append();
    const { position } = await append('UserErased', dead.userId);
    await consume(async ({ eventId }) => (eventId === dead.id ? 'dead' : 'done'));

    await reached(position);

    const pointer = { stream: `user-${dead.userId}`, revision: 0n, type: 'UserErased', position: dead.position };
    expect(await list()).toMatchObject([
      {
        consumer: testbed.consumerName(),
        reason: 'refused',
        at: expect.any(Date),
        message: { eventId: dead.id, key: dead.userId, correlationId: expect.any(String), pointer },
      },
    ]);
  });

  it('F-24 counts a message as dead whose handler throws again and again, but not one that waits as often', async () => {
    const broken = await append();
    const waiting = await append();
    let waits = 0;
    await consume(async ({ eventId }) => {
      if (eventId === broken.id) throw new Error('a defect');
      return ++waits < 15 ? 'later' : 'done';
    });

    await reached(waiting.position);

    expect(await list()).toMatchObject([{ reason: 'failed', message: { eventId: broken.id } }]);
  });

  it('F-22 keeps the checkpoint while a dead message cannot be stored, and stores it then', async () => {
    const dead = await append();
    const accept = await testbed.refuseDeadLetters();
    let attempts = 0;
    await consume(async () => {
      attempts += 1;
      return 'dead';
    });
    await until(() => attempts > 2);
    expect(await testbed.hasReached(dead.position)).toBe(false);
    await accept();

    await reached(dead.position);

    expect(await list()).toHaveLength(1);
  });

  it('F-22 delivers dead messages again when they are redriven, in order for each key, and each once', async () => {
    const handled: string[] = [];
    let isRepaired = false;
    const [first, other] = [await append(), await append()];
    const second = await append('UserErased', first.userId);
    await consume(async ({ eventId }) => {
      if (!isRepaired) return 'dead';
      handled.push(eventId);
      return 'done';
    });
    await reached(second.position);
    isRepaired = true;
    const letters = await list();
    expect(letters).toHaveLength(3);

    expect(await testbed.deadLetters().redrive(letters)).toEqual({ redriven: 3, kept: 0 });
    await until(() => handled.length === 3);

    expect(await list()).toEqual([]);
    expect(handled).toContain(other.id);
    expect(handled.filter((id) => id !== other.id)).toEqual([first.id, second.id]);
    await testbed.stopAll();
    await consume(async ({ eventId }) => {
      handled.push(eventId);
      return 'done';
    });
    const last = await append();
    await reached(last.position);
    expect(handled.slice(3)).toEqual([last.id]);
  });

  it('F-22 keeps a message that dies again after it was redriven', async () => {
    let attempts = 0;
    const { id, position } = await append();
    await consume(async () => {
      attempts += 1;
      return 'dead';
    });
    await reached(position);

    await testbed.deadLetters().redrive(await list());

    await until(async () => attempts === 2 && (await list()).length === 1);
    expect(await list()).toMatchObject([{ reason: 'refused', message: { eventId: id } }]);
  });
};
