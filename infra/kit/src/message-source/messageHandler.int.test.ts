import { describe, expect, it } from '@jest/globals';
import { consumerTestbed } from '../../test/consumerTestbed.js';
import { until } from '../../test/until.js';

describe('a dead message', () => {
  const testbed = consumerTestbed();
  const { append, consume, reached } = testbed;
  const deadMessages = () => testbed.query('select * from notifier.dead_message');

  it('F-24 is stored as a pointer, and its lane continues', async () => {
    const dead = await append();
    const { position } = await append('UserErased', dead.userId);
    await consume(async ({ eventId }) => (eventId === dead.id ? 'dead' : 'done'));

    await reached(position);

    expect(await deadMessages()).toMatchObject([
      { consumer: 'test', event_id: dead.id, stream: `user-${dead.userId}`, revision: '0', reason: 'refused' },
    ]);
  });

  it('F-24 is one whose handler throws again and again, but not one that waits as often', async () => {
    const broken = await append();
    const waiting = await append();
    let waits = 0;
    await consume(async ({ eventId }) => {
      if (eventId === broken.id) throw new Error('a defect');
      return ++waits < 15 ? 'later' : 'done';
    });

    await reached(waiting.position);

    expect(await deadMessages()).toMatchObject([{ event_id: broken.id, reason: 'failed' }]);
  });

  it('F-24 is not lost while it cannot be stored', async () => {
    const dead = await append();
    await testbed.query('alter table notifier.dead_message rename to away');
    let attempts = 0;
    await consume(async () => {
      attempts += 1;
      return 'dead';
    });
    await until(() => attempts > 2);
    await testbed.query('alter table notifier.away rename to dead_message');

    await reached(dead.position);

    expect(await deadMessages()).toHaveLength(1);
  });
});
