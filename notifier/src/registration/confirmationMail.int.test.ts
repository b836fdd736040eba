import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addressMac } from '@ums/identity/addressMac';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';

describe('the mail for a registration', () => {
  let fixture: MailFixture;
  beforeAll(async () => {
    fixture = await mailFixture();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  it('E-07 contains a link with a token for the address, on a line of its own, under the configured base URL', async () => {
    const { id, message } = await fixture.register({ email: 'ada@example.org' });

    expect(await fixture.handle(message)).toBe('done');

    const [mail] = fixture.mailer.accepted;
    expect(mail).toMatchObject({ to: 'ada@example.org', template: 'confirmation', eventId: message.eventId });
    const line = mail?.text.split('\n').find((text) => text.startsWith('https://'));
    const link = new URL(line ?? '');
    expect(link.origin + link.pathname).toBe('https://users.example.org/ids/api/v1/auth/confirm');
    const token = link.searchParams.get('token') ?? '';
    expect(fixture.mailTokens.read(token)).toMatchObject({ purpose: 'confirm', ids: [id] });
    expect(fixture.mailTokens.verify(token, addressMac(fixture.addressKey, 'ada@example.org'))).toBe(true);
    expect(mail?.html).toContain(`href="${line}"`);
  });

  it.each([
    ['Ada Lovelace', 'Lovelace'],
    ['Free money at evil dot example', 'evil'],
    ['J. R. R. Tolkien', 'Tolkien'],
    ['李小龍', '小'],
  ])('I-06 has nothing of the name that the requester chose: %s', async (name, part) => {
    const { message } = await fixture.register({ email: 'ada@example.org', name });

    await fixture.handle(message);

    const [{ subject, text, html } = { subject: '', text: '', html: '' }] = fixture.mailer.accepted;
    expect(text).toMatch(/^Hello,\n/);
    expect(subject + text + html).not.toContain(name);
    expect(subject + text + html).not.toContain(part);
  });

  it('E-03 tells the owner of a taken address that the account exists, without a link', async () => {
    await fixture.takeAddress('ada@example.org');
    const { message } = await fixture.register({ email: 'ada@example.org' });

    await fixture.handle(message);

    expect(fixture.mailer.accepted).toMatchObject([{ to: 'ada@example.org', template: 'accountExists' }]);
    expect(fixture.mailer.accepted[0]?.text).not.toContain('http');
  });

  it('E-03 says that the address is reserved while a change of it can be undone, without a link', async () => {
    await fixture.holdAddress('ada@example.org');
    const { message } = await fixture.register({ email: 'ada@example.org' });

    await fixture.handle(message);

    expect(fixture.mailer.accepted).toMatchObject([{ to: 'ada@example.org', template: 'addressReserved' }]);
    expect(fixture.mailer.accepted[0]?.text).not.toContain('http');
  });

  it('E-03 is not sent when this registration was confirmed in the meantime', async () => {
    const { id, message } = await fixture.register({ email: 'ada@example.org' });
    await fixture.takeAddress('ada@example.org', id);

    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.accepted).toEqual([]);
    expect(fixture.counted).toEqual(['ended']);
  });

  it.each([
    ['ended and its row is gone', 'delete from registration'],
    ['was completed', 'update registration set completed_at = now()'],
    ['lost its key', 'update data_key set wrapped = null, master_key_id = null, erased_at = now()'],
    ['lost the row of its key', 'delete from data_key'],
  ])('G-02 is not sent when the registration %s', async (_, sql) => {
    const { message } = await fixture.register();
    await fixture.vault.query(sql);

    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.accepted).toEqual([]);
    expect(await fixture.mailRows()).toMatchObject([{ state: 'skipped', reason: 'ended' }]);
  });

  it('F-24 is not sent past its best-before, the expiry of the registration, and is counted as expired', async () => {
    const { message } = await fixture.register({ hours: -1 });

    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.accepted).toEqual([]);
    expect(fixture.counted).toEqual(['expired']);
  });

  it('R-06 is not sent for a registration over the mail limit', async () => {
    const { message } = await fixture.register({ mail: false });

    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.accepted).toEqual([]);
    expect(fixture.counted).toEqual(['silent']);
  });

  it('R-06 is not due, and not counted as kept back, for a registration with the link of another one', async () => {
    const { message } = await fixture.register({ mail: false, withLink: true });

    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.accepted).toEqual([]);
    expect([fixture.counted, await fixture.mailRows()]).toEqual([[], []]);
  });

  it('K-02 is dead when the sealed address was moved from another field', async () => {
    const { message } = await fixture.register();
    const stored = fixture.eventLog.events.find(({ id }) => id === message.eventId);
    const data = stored?.data as Record<string, string>;
    [data.email, data.name] = [data.name ?? '', data.email ?? ''];

    expect(await fixture.handle(message)).toBe('dead');

    expect(await fixture.mailRows()).toMatchObject([{ state: 'dead', reason: 'SealBroken' }]);
  });
});
