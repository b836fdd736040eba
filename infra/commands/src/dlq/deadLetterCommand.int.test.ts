import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { storeDeadMessage } from '@ums/kit/dead-letters/deadMessageTable';
import { silentLog } from '@ums/kit/log';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import type pg from 'pg';
import { testDatabase } from '../../../embedded/test/postgres.js';
import { deadLetterCommand } from './deadLetterCommand.js';

const TABLE_ONLY =
  'Only the table of the notifier was read; to read the dead-letter topic instead, set KAFKA_BROKERS to its brokers.';
const MIGRATIONS = join(import.meta.dirname, '../../../../notifier/migrations');

describe('npm run dlq', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await testDatabase();
    await migrate({ url: database.url, dir: MIGRATIONS, schema: 'notifier', log: silentLog });
    pool = createPool({ url: database.url, applicationName: 'test', connectTimeoutMs: 20_000, log: silentLog });
  });
  beforeEach(async () => {
    await pool.query('truncate notifier.dead_message, notifier.mail');
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const dlq = (...args: string[]) => deadLetterCommand(args, { DATABASE_URL: database.url });

  /** A dead message of the mail consumer, and its mail in a state. */
  const deadMail = async (state: string): Promise<{ eventId: string; stream: string }> => {
    const [eventId, id] = [randomUUID(), randomUUID()];
    const stream = `user-${id}`;
    const pointer = { stream, revision: 2n, type: 'UserErased', position: 700n };
    const message = { eventId, key: id, correlationId: undefined, pointer, content: undefined };
    await storeDeadMessage({ pool, schema: 'notifier' }, 'mail', message, 'refused');
    await pool.query(
      `insert into notifier.mail (event_id, about, state, lease, lease_until)
       values ($1, $2, $3, gen_random_uuid(), now() + interval '1 hour')`,
      [eventId, id, state],
    );
    return { eventId, stream };
  };

  it('lists the dead messages with reason, consumer, event, stream and time', async () => {
    expect(await dlq('list')).toBe(`There are no dead messages.\n${TABLE_ONLY}`);
    const { eventId, stream } = await deadMail('dead');
    const [head, line, ...others] = (await dlq('list')).split('\n');
    expect(head).toBe('id  consumer  reason  time  event  stream');
    expect(line).toMatch(new RegExp(`^${eventId}  mail  refused  20[0-9T:.-]+Z  ${eventId}  ${stream}$`));
    expect(others).toEqual([TABLE_ONLY]);
  });

  it('shows what is known of one', async () => {
    const { eventId, stream } = await deadMail('dead');
    expect((await dlq('show', eventId)).split('\n')).toEqual([
      ...[`id: ${eventId}`, 'consumer: mail', 'reason: refused', expect.stringMatching(/^time: 20/)],
      ...[`event: ${eventId}`, `stream: ${stream}`, 'revision: 2', 'type: UserErased', 'position: 700'],
    ]);
  });

  it('F-22 redrives one or all, each once, and reopens only mails that were certainly not sent', async () => {
    const first = await deadMail('dead');
    await deadMail('unknown');
    expect(await dlq('redrive', first.eventId)).toBe(`1 of 1 dead messages are delivered again.\n${TABLE_ONLY}`);
    await expect(dlq('redrive', first.eventId)).rejects.toThrow('No dead message has this id.');
    expect(await dlq('redrive')).toBe(`1 of 1 dead messages are delivered again.\n${TABLE_ONLY}`);
    expect(await dlq('redrive')).toBe(`0 of 0 dead messages are delivered again.\n${TABLE_ONLY}`);
    const { rows } = await pool.query(
      'select state, lease_until <= now() as is_free from notifier.mail order by state, event_id',
    );
    expect(rows).toEqual([
      { state: 'claimed', is_free: true },
      { state: 'unknown', is_free: false },
    ]);
  });

  it('fails with its usage when the arguments are wrong', async () => {
    for (const args of [[], ['drop'], ['toString'], ['list', 'all'], ['show'], ['redrive', 'a', 'b']])
      await expect(dlq(...args)).rejects.toThrow('Usage: npm run -s dlq -- list | show <id> | redrive [<id>]');
  });

  it('F-20 fails with one sentence when Kafka does not answer', async () => {
    const env = { DATABASE_URL: database.url, KAFKA_BROKERS: '127.0.0.1:1' };
    await expect(deadLetterCommand(['list'], env)).rejects.toThrow('Kafka does not answer at KAFKA_BROKERS.');
  });

  it('fails with one sentence when no service is running on the data folder', async () => {
    await expect(deadLetterCommand(['list'], { DATA_DIR: '/nowhere' })).rejects.toThrow(
      'No service is running on the data folder /nowhere;',
    );
  });
});
