import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addressMac } from '@ums/identity/addressMac';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';

describe('mails to an address that gets none', () => {
  let fixture: MailFixture;
  beforeAll(async () => {
    fixture = await mailFixture();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  const block = (email: string) =>
    fixture.vault.query(`insert into mail_block (mac, kind) values ($1, 'bounce')`, [
      addressMac(fixture.addressKey, email),
    ]);

  it('F-26 are not sent, and their record says why', async () => {
    await block('ada@example.org');
    const { message } = await fixture.register({ email: 'ada@example.org' });
    expect([await fixture.handle(message), await fixture.handle(message)]).toEqual(['done', 'done']);
    expect([fixture.mailer.calls, fixture.counted]).toEqual([0, ['undeliverable']]);
    expect(await fixture.mailRows()).toEqual([
      expect.objectContaining({ state: 'skipped', reason: 'undeliverable', attempts: 1 }),
    ]);
    const { message: other } = await fixture.register({ email: 'grace@example.org' });
    expect([await fixture.handle(other), fixture.mailer.calls]).toEqual(['done', 1]);
  });

  it('F-26 are not sent to a requested address either, while the current one is mailed', async () => {
    await block('king@example.org');
    const { message } = await fixture.requestEmailChange({ email: 'king@example.org' });
    expect(await fixture.handle(message)).toBe('done');
    expect(fixture.mailer.accepted.map(({ to, template }) => [to, template])).toEqual([
      ['ada@example.org', 'emailChangeNotice'],
    ]);
    expect([...fixture.counted].sort()).toEqual(['sent', 'undeliverable']);
  });

  it('F-25 are composed only when mails are accepted', async () => {
    const { message } = await fixture.register();
    const handle = fixture.handleWith({ mailer: { ...fixture.mailer, isPaused: () => true } });
    expect([await handle(message), await fixture.mailRows()]).toEqual(['later', []]);
    expect([await fixture.handle(message), fixture.counted]).toEqual(['done', ['sent']]);
  });
});
