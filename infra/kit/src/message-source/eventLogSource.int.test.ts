import { describe, expect, it } from '@jest/globals';
import { consumerTestbed } from '../../test/consumerTestbed.js';
import { deadLetterContract } from '../../test/deadLetterContract.js';
import { eventLogAdapter } from '../../test/eventLogAdapter.js';
import { messageSourceContract } from '../../test/messageSourceContract.js';
import { until } from '../../test/until.js';
import { silentLog } from '../log.js';

describe('eventLogSource', () => {
  const testbed = consumerTestbed(eventLogAdapter());
  const { append, consume, reached } = testbed;
  messageSourceContract(testbed);
  deadLetterContract(testbed);

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

  it('F-12 never moves a checkpoint back', async () => {
    const { position } = await append();
    await consume(async () => 'done');
    await reached(position);
    await testbed.query('update notifier.checkpoint set position = position + 1000');
    await append('UserRenamed');

    await testbed.stopAll();

    const [stored] = await testbed.query('select position from notifier.checkpoint');
    expect(stored?.position).toBe(String(position + 1000n));
  });

  it('F-22 repeats what it could not do for a redrive', async () => {
    const failures: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void failures.push(message) };
    let attempts = 0;
    const { position } = await append();
    await consume(
      async () => {
        attempts += 1;
        return attempts === 1 ? 'dead' : 'done';
      },
      { log },
    );
    await reached(position);
    await testbed.query(
      `create function notifier.refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$`,
    );
    await testbed.query(
      'create trigger refuse before delete on notifier.dead_message for each row execute function notifier.refuse()',
    );
    await testbed.deadLetters().redrive(await testbed.deadLetters().list());
    await until(() => failures.includes('redriven message could not be removed'));
    await testbed.query('drop function notifier.refuse cascade');
    await until(async () => (await testbed.query('select from notifier.dead_message')).length === 0);
    expect(attempts).toBeGreaterThan(2);

    const accept = await testbed.refuseDeadLetters();
    await until(() => failures.includes('dead messages to redrive could not be read'));
    await accept();
  });
});
