import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog } from '@ums/kit/log';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';
import type { MailRecords } from './mailRecords.js';

const lost = new Error('the connection was lost');

describe('what is recorded of a mail', () => {
  let fixture: MailFixture;
  beforeAll(async () => {
    fixture = await mailFixture();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  it('F-24 retries recording a sent mail', async () => {
    const { message } = await fixture.register();
    const { finish } = fixture.records;
    let failures = 2;
    const records: MailRecords = {
      ...fixture.records,
      finish: (...args) => (failures-- > 0 ? Promise.reject(lost) : finish(...args)),
    };

    expect(await fixture.handleWith({ records })(message)).toBe('done');

    expect(await fixture.mailRows()).toMatchObject([{ state: 'sent' }]);
  });

  it('F-24 leaves the record in "sending" when a sent mail cannot be recorded', async () => {
    const { message } = await fixture.register();
    const records: MailRecords = { ...fixture.records, finish: () => Promise.reject(lost) };

    await expect(fixture.handleWith({ records })(message)).rejects.toThrow(lost);

    expect(await fixture.mailRows()).toMatchObject([{ state: 'sending' }]);
  });

  it('L-02 logs a mail with its event id and correlation id, without address and name', async () => {
    const lines: string[] = [];
    const log = createLog({ service: 'notifier', destination: { write: (line) => void lines.push(line) } });
    const { message } = await fixture.register({ email: 'canary@example.org', name: 'Canary' });

    await fixture.handleWith({ log })(message);

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'mail sent', template: 'confirmation', eventId: message.eventId, correlationId: message.correlationId },
    ]);
    expect(lines.join('').toLowerCase()).not.toMatch(/canary|token/);
  });

  it('L-02 keeps neither address nor text in the mail record', async () => {
    const { message } = await fixture.register({ email: 'canary@example.org', name: 'Canary' });
    await fixture.handle(message);

    const { rows } = await fixture.vault.query('select * from notifier.mail');

    expect(rows).toMatchObject([{ state: 'sent', correlation_id: message.correlationId, message_id: 'fake-1' }]);
    expect(JSON.stringify(rows).toLowerCase()).not.toContain('canary');
  });
});
