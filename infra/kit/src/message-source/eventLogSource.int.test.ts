import { describe, expect, it } from '@jest/globals';
import { consumerTestbed } from '../../test/consumerTestbed.js';
import { until } from '../../test/until.js';
import { silentLog } from '../log.js';
import { StartRefused } from '../startRefused.js';
import type { MessageOutcome } from './messageSource.js';

describe('eventLogSource', () => {
  const testbed = consumerTestbed();
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

  it('F-24 gives the handler the event of the message, at every attempt', async () => {
    const given: unknown[] = [];
    const { id, position } = await append();
    await consume(async ({ pointer: { stream, revision, type } }, recorded) => {
      given.push(recorded);
      expect(recorded).toMatchObject({ id, stream, revision, type, position });
      return given.length < 2 ? 'later' : 'done';
    });

    await reached(position);

    expect(given).toHaveLength(2);
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

  it('F-24 retries to save its checkpoint', async () => {
    await testbed.query('alter table notifier.checkpoint add constraint never check (position < 0)');
    let failures = 0;
    const log = { ...silentLog, warn: () => void failures++ };
    let handled = 0;
    const { position } = await append();
    await consume(
      async () => {
        handled += 1;
        return 'done';
      },
      { log },
    );
    await until(() => failures > 1);
    await testbed.query('alter table notifier.checkpoint drop constraint never');

    await reached(position);

    expect(handled).toBe(1);
  });

  it('F-24 handles each message in one of two instances, and the standby continues where the first stopped', async () => {
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

  it('F-12 never moves a checkpoint back', async () => {
    const { position } = await append();
    await consume(async () => 'done');
    await reached(position);
    await testbed.query('update notifier.checkpoint set position = position + 1000');
    await append('UserRenamed');

    await testbed.stopAll();

    expect(await testbed.checkpoint()).toBe(position + 1000n);
  });
});
