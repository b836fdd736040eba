import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';

let fixture: MailFixture;
beforeAll(async () => {
  fixture = await mailFixture();
});
beforeEach(() => fixture.clear());
afterAll(() => fixture.close());

/** Template and language of each mail that was sent. */
const sent = () =>
  fixture.mailer.accepted.map(({ template, html }) => `${template} ${/<html lang="(\w+)">/.exec(html)?.[1]}`);

describe('the language of a mail', () => {
  it.each(['en', 'de'] as const)('is that of the registration, also when it is sent again: %s', async (locale) => {
    const { message } = await fixture.register({ locale });
    await fixture.handle(message);
    await fixture.handle(await fixture.requestMail());

    expect(sent()).toEqual([`confirmation ${locale}`, `confirmation ${locale}`]);
  });

  it('is that of the registration when the address has an account or is reserved', async () => {
    await fixture.takeAddress('ada@example.org');
    await fixture.holdAddress('grace@example.org');
    for (const email of ['ada@example.org', 'grace@example.org'])
      await fixture.handle((await fixture.register({ email, locale: 'de' })).message);

    expect(sent()).toEqual(['accountExists de', 'addressReserved de']);
  });

  it('is the one that the user chose last, in all mails about a change of the address', async () => {
    const userId = randomUUID();
    const { message: requested } = await fixture.requestEmailChange({ userId });
    await fixture.changeLocale(userId, 'de');
    await fixture.handle(requested);
    await fixture.handle((await fixture.changeEmail(randomUUID())).message);
    await fixture.takeAddress('king@example.org');
    const other = randomUUID();
    await fixture.changeLocale(other, 'de');
    await fixture.handle((await fixture.requestEmailChange({ userId: other })).message);
    const third = randomUUID();
    for (const locale of ['de', 'en', 'de'] as const) await fixture.changeLocale(third, locale);
    await fixture.handle((await fixture.changeEmail(third)).message);

    expect(sent()).toEqual([
      ...['emailChange de', 'emailChangeNotice de'],
      'emailChanged en',
      ...['emailTaken de', 'emailChangeNotice de'],
      'emailChanged de',
    ]);
  });

  it('is the one that the user chose last, in the mail about a changed password', async () => {
    const { messages } = await fixture.userWith([
      { type: 'UserLocaleChanged', data: { locale: 'de' } },
      { type: 'PasswordChanged', data: { passwordHash: 'another hash' } },
    ]);
    for (const message of messages.slice(-1)) await fixture.handle(message);

    expect(sent()).toEqual(['passwordChanged de']);
  });

  it('G-02 is known after the key of the user was destroyed', async () => {
    const userId = randomUUID();
    await fixture.changeLocale(userId, 'de');
    await fixture.vault.query('insert into data_key (subject, erased_at) values ($1, now())', [userId]);
    await fixture.handle(await fixture.erase({ userId }));

    expect(sent()).toEqual(['goodbye de']);
  });

  it('F-15 is not changed by events of the user that cannot be read', async () => {
    const userId = randomUUID();
    await fixture.changeLocale(userId, 'de');
    const unreadable = [
      { id: randomUUID(), type: 'UserLocaleChanged', data: { locale: 'xx' }, metadata: {} },
      { id: randomUUID(), type: 'UserFromTheFuture', data: { locale: 'en' }, metadata: {} },
    ];
    await fixture.eventLog.append(`user-${userId}`, unreadable, 'any');
    await fixture.handle(await fixture.erase({ userId }));

    expect(sent()).toEqual(['goodbye de']);
  });
});
