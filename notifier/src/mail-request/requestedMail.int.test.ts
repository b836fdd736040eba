import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addressMac } from '@ums/identity/addressMac';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';
import type { Mailer } from '../mail/mailer.js';

describe('a request for the confirmation mail', () => {
  let fixture: MailFixture;
  beforeAll(async () => {
    fixture = await mailFixture();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  const mailedIds = () =>
    fixture.mailer.accepted.flatMap(({ text }) => {
      const token = /token=(\S+)/.exec(text)?.[1];
      return token === undefined ? [] : (fixture.mailTokens.read(token)?.ids ?? []);
    });

  /** Its append got no answer in time, and took effect all the same. */
  const requestTakenBack = async () => {
    const message = await fixture.requestMail();
    await fixture.vault.query('delete from mail_request');
    return message;
  };

  it('R-06 mails each of the three newest registrations that wait for the address, and no other', async () => {
    const ids = [];
    for (let n = 1; n <= 4; n++) ids.push((await fixture.register({ mail: n !== 3 })).id);
    await fixture.register({ email: 'grace@example.org' });
    const message = await fixture.requestMail('ada@example.org');

    for (let delivery = 1; delivery <= 2; delivery++) expect(await fixture.handle(message)).toBe('done');

    expect(mailedIds()).toEqual(ids.slice(1).reverse());
    expect(fixture.mailer.accepted.every(({ to }) => to === 'ada@example.org')).toBe(true);
  });

  it('F-24 sends only the missing mails after a failure', async () => {
    const { id: older } = await fixture.register();
    const { id: newer } = await fixture.register();
    const message = await fixture.requestMail();
    const { send } = fixture.mailer;
    let calls = 0;
    const mailer: Mailer = {
      send: (mail) => (calls++ === 0 ? Promise.reject(new Error('the connection was lost')) : send(mail)),
    };

    expect(await fixture.handleWith({ mailer })(message)).toBe('later');
    await fixture.expireLeases();

    expect(await fixture.handle(message)).toBe('done');

    expect(mailedIds()).toEqual([older, newer]);
  });

  it('E-03 sends one "You already have an account" when the address is taken', async () => {
    await fixture.register();
    await fixture.register();
    await fixture.takeAddress('ada@example.org');

    await fixture.handle(await fixture.requestMail());

    expect(fixture.mailer.accepted).toMatchObject([{ template: 'accountExists' }]);
  });

  it.each([
    ['when no registration waits', () => fixture.requestMail('unused@example.org')],
    ['when the request has expired', () => fixture.register().then(() => fixture.requestMail('ada@example.org', -1))],
    ['when the request was taken back', () => fixture.register().then(requestTakenBack)],
    ['when the registration has expired', () => fixture.register({ hours: -1 }).then(() => fixture.requestMail())],
  ])('R-06 sends nothing %s', async (_, request) => {
    expect(await fixture.handle(await request())).toBe('done');

    expect(fixture.mailer.calls).toBe(0);
    expect(fixture.counted).toEqual(['ended']);
  });

  it('R-06 sends nothing for a request of another purpose', async () => {
    await fixture.register();
    const message = await fixture.requestMail();
    await fixture.vault.query("update mail_request set purpose = 'another'");

    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.calls).toBe(0);
  });

  it('F-06 skips a registration that is not in the log', async () => {
    await fixture.vault.query(
      `insert into registration (id, address_mac, expires_at) values (gen_random_uuid(), $1, now() + interval '1 day')`,
      [addressMac(fixture.addressKey, 'ada@example.org')],
    );

    expect(await fixture.handle(await fixture.requestMail())).toBe('done');

    expect(fixture.mailer.calls).toBe(0);
  });

  it('F-15 returns "dead" for a request with an unknown purpose', async () => {
    const message = await fixture.requestMail();
    const stored = fixture.eventLog.events.find(({ id }) => id === message.eventId);
    (stored?.data as { purpose: string }).purpose = 'another';

    expect(await fixture.handle(message)).toBe('dead');
  });
});
