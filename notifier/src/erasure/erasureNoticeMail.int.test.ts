import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';
import { NotAccepted } from '../mail/mailer.js';
import { erasureNoticeMail } from './erasureNoticeMail.js';

describe('the erasure notice', () => {
  let fixture: MailFixture;
  beforeAll(async () => {
    fixture = await mailFixture();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  const remaining = async () =>
    (await fixture.vault.query('select subject as id from data_key union select id from farewell')).rows;

  it('G-01 goes to the address kept for it, and then deletes the address and its key', async () => {
    const message = await fixture.erase({ email: 'ada@example.org' });

    expect(await fixture.handle(message)).toBe('done');
    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.accepted).toMatchObject([{ to: 'ada@example.org', template: 'goodbye' }]);
    expect(await remaining()).toEqual([]);
  });

  it('G-11 has a link to the receipt of the erasure, in both languages, and none if there is no receipt', async () => {
    const [receipt, userId] = [randomUUID(), randomUUID()];
    await fixture.handle(await fixture.erase({ receipt }));
    await fixture.changeLocale(userId, 'de');
    await fixture.handle(await fixture.erase({ userId }));
    await fixture.vault.query('truncate erasure_receipt cascade');

    const link = `https://users.example.org/ids/api/v1/erasures/${receipt}`;
    const [english, german] = fixture.mailer.accepted;
    expect(english?.text).toContain(`\n${link}\n`);
    expect(german).toMatchObject({ template: 'goodbye', subject: 'Ihr Konto wurde gelöscht' });
    expect(german?.text).not.toContain('/erasures/');
    const { words } = erasureNoticeMail;
    const details = { appName: 'Example Club', link };
    expect(words.de(details).body).toContainEqual({ link, label: 'Beleg der Löschung' });
  });

  it('G-01 keeps the address while the mailer does not accept the mail', async () => {
    const message = await fixture.erase();
    fixture.mailer.plan({ error: new NotAccepted() });

    expect(await fixture.handle(message)).toBe('later');
    expect(await remaining()).not.toEqual([]);
    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.accepted).toHaveLength(1);
    expect(await remaining()).toEqual([]);
  });

  it('F-24 is not sent past its best-before, and is counted as expired', async () => {
    const message = await fixture.erase({ minutes: -1 });

    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.calls).toBe(0);
    expect(fixture.counted).toEqual(['expired']);
    expect(await remaining()).toEqual([]);
  });

  it.each([
    ['its row is gone', 'delete from farewell', 'done'],
    ['its key is gone', 'delete from data_key', 'done'],
    ['its key was destroyed', 'update data_key set wrapped = null, master_key_id = null, erased_at = now()', 'done'],
    ['its seal is broken', `update farewell set address = 'v1.k.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA'`, 'dead'],
  ])('G-02 is not sent when %s', async (_, sql, outcome) => {
    const message = await fixture.erase();
    await fixture.vault.query(sql);

    expect(await fixture.handle(message)).toBe(outcome);

    expect(fixture.mailer.calls).toBe(0);
  });

  it('G-01 deletes no other key', async () => {
    const { id } = await fixture.register();
    const message = await fixture.erase();

    await fixture.handle(message);

    expect(await remaining()).toEqual([{ id }]);
  });
});
