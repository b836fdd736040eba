import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UserEvent } from '@ums/contracts/events/user';
import { addressMac } from '@ums/identity/addressMac';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';

let fixture: MailFixture;
beforeAll(async () => {
  fixture = await mailFixture();
});
beforeEach(() => fixture.clear());
afterAll(() => fixture.close());

const [ADA, KING] = ['ada@example.org', 'king@example.org'];
const sent = () => fixture.mailer.accepted.map(({ to, template }) => `${template} ${to}`);
const requestReset = (email = ADA, minutes = 60) => fixture.requestMail(email, minutes, 'reset-password');

/** The token in the last mail, which must be valid for the address that the mail went to. */
const tokenInLast = () => {
  const mail = fixture.mailer.accepted.at(-1);
  const line = mail?.text
    .split('\n')
    .find((text) => text.startsWith('https://users.example.org/ids/api/v1/auth/confirm'));
  const token = line === undefined ? undefined : (new URL(line).searchParams.get('token') ?? '');
  if (token === undefined) return undefined;
  expect(fixture.mailTokens.verify(token, addressMac(fixture.addressKey, mail?.to ?? ''))).toBe(true);
  return fixture.mailTokens.read(token);
};
const minutesUntil = (time: Date | undefined) => Math.round((Number(time) - Date.now()) / 60_000);

describe('the mail for a forgotten password', () => {
  it('E-04 has a link for an hour that names the last cut of the account, and is sent once', async () => {
    const { userId } = await fixture.userWith([]);
    await fixture.vault.query('update account set epoch = 7, address_from = 3 where user_id = $1', [userId]);
    const message = await requestReset();
    for (let delivery = 1; delivery <= 2; delivery++) expect(await fixture.handle(message)).toBe('done');

    expect(sent()).toEqual([`passwordReset ${ADA}`]);
    const token = tokenInLast();
    expect(token).toMatchObject({ purpose: 'reset', ids: [userId], epoch: 7n });
    expect(minutesUntil(token?.expires)).toBe(60);
  });

  it('E-04 names the last change of the address if it came after the last cut', async () => {
    const { userId } = await fixture.userWith([]);
    await fixture.vault.query('update account set epoch = 3, address_from = 9 where user_id = $1', [userId]);
    await fixture.handle(await requestReset());
    expect(tokenInLast()?.epoch).toBe(9n);
  });

  it('is in the language of the user', async () => {
    await fixture.userWith([], { locale: 'de' });
    await fixture.handle(await requestReset());
    expect(fixture.mailer.accepted).toMatchObject([{ subject: 'Wählen Sie ein neues Passwort' }]);
  });

  it('has no link for a suspended user, and says why', async () => {
    await fixture.userWith([]);
    await fixture.vault.query("update account set status = 'suspended'");
    await fixture.handle(await requestReset());
    expect([sent(), tokenInLast()]).toEqual([[`resetRefused ${ADA}`], undefined]);
    expect(fixture.mailer.accepted[0]?.text).toContain('The account is suspended');
  });

  it('is the confirmation mail, again, while a registration of the address waits', async () => {
    const { id } = await fixture.register();
    await fixture.handle(await requestReset());
    expect(sent()).toEqual([`confirmation ${ADA}`]);
    expect(tokenInLast()).toMatchObject({ purpose: 'confirm', ids: [id] });
  });

  it('E-03 goes to the account alone when registrations of its address wait too', async () => {
    await fixture.userWith([]);
    await fixture.register();
    await fixture.handle(await requestReset());
    expect(sent()).toEqual([`passwordReset ${ADA}`]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['for an address without an account', async () => undefined],
    ['for an address that only a change can be undone to', () => fixture.holdAddress(ADA)],
    ['while the account is not active yet', () => fixture.userWith([]).then(() => status('registering'))],
    ['once the account is erased', () => fixture.userWith([]).then(() => status('erased'))],
  ])('E-01 is not sent %s', async (_, given) => {
    await given();
    expect(await fixture.handle(await requestReset())).toBe('done');
    expect([sent(), fixture.counted]).toEqual([[], ['ended']]);
  });
  const status = (value: string) => fixture.vault.query('update account set status = $1', [value]);

  it('R-06 F-24 is not sent over the mail limit, or an hour later', async () => {
    await fixture.userWith([]);
    expect(await fixture.handle(await requestReset(ADA, 0))).toBe('done');
    expect([sent(), fixture.counted]).toEqual([[], ['ended']]);
  });

  it('does not answer a request for the confirmation mail', async () => {
    await fixture.userWith([]);
    await fixture.handle(await fixture.requestMail());
    expect(sent()).toEqual([]);
  });

  it('E-08 is not sent when the log has another address than the request', async () => {
    const { userId } = await fixture.userWith([
      { type: 'EmailChanged', data: { changeId: randomUUID(), email: KING, previousEmail: ADA } },
    ]);
    await fixture.handle(await requestReset());
    expect([sent(), fixture.counted]).toEqual([[], ['ended']]);
    await fixture.vault.query('update address set mac = $1 where user_id = $2', [
      addressMac(fixture.addressKey, KING),
      userId,
    ]);
    await fixture.handle(await requestReset(KING));
    expect(sent()).toEqual([`passwordReset ${KING}`]);
  });

  it('G-02 is not sent once the key of the user is destroyed', async () => {
    await fixture.userWith([]);
    await fixture.vault.query('update data_key set wrapped = null, master_key_id = null, erased_at = now()');
    await fixture.handle(await requestReset());
    expect([sent(), fixture.counted]).toEqual([[], ['ended']]);
  });

  it('K-02 is dead when the sealed address cannot be opened', async () => {
    const { userId } = await fixture.userWith([]);
    const first = fixture.eventLog.events.find(({ stream }) => stream === `user-${userId}`);
    (first?.data as Record<string, string>).email = 'v1.x.y.z';
    expect(await fixture.handle(await requestReset())).toBe('dead');
  });

  it('F-26 is not sent to an address whose mails come back', async () => {
    await fixture.userWith([]);
    await fixture.vault.query("insert into mail_block (mac, kind) values ($1, 'bounce')", [
      addressMac(fixture.addressKey, ADA),
    ]);
    await fixture.handle(await requestReset());
    expect([sent(), fixture.counted]).toEqual([[], ['undeliverable']]);
  });
});

describe('the mail for an undone change of the address', () => {
  const undone: UserEvent = { type: 'EmailChangeUndone', data: { changeId: randomUUID(), email: ADA } };
  const undo = async () => {
    const { userId, messages } = await fixture.userWith([undone]);
    const message = messages[1];
    if (message === undefined) throw new Error('no change was undone');
    return { userId, message };
  };
  const stored = (eventId: string) => fixture.eventLog.events.find(({ id }) => id === eventId);

  it('E-05 goes to the restored address, with a link that sets a new password', async () => {
    const { userId, message } = await undo();
    expect(await fixture.handle(message)).toBe('done');
    expect(sent()).toEqual([`emailChangeUndone ${ADA}`]);
    const token = tokenInLast();
    expect(token).toMatchObject({ purpose: 'reset', ids: [userId], epoch: 1n });
    expect(minutesUntil(token?.expires)).toBe(60);
  });

  it('has no link for a suspended user', async () => {
    const { message } = await undo();
    await fixture.vault.query("update account set status = 'suspended'");
    await fixture.handle(message);
    expect([sent(), tokenInLast()]).toEqual([[`emailChangeUndone ${ADA}`], undefined]);
    expect(fixture.mailer.accepted[0]?.text).toContain('The account is suspended');
  });

  it('F-24 is not sent an hour later', async () => {
    const { message } = await undo();
    const metadata = stored(message.eventId)?.metadata as { at: string };
    metadata.at = new Date(Date.now() - 3_600_000).toISOString();
    await fixture.handle(message);
    expect([sent(), fixture.counted]).toEqual([[], ['expired']]);
  });

  it('G-02 is not sent once the user is erased', async () => {
    const { message } = await undo();
    await fixture.vault.query('update data_key set wrapped = null, master_key_id = null, erased_at = now()');
    await fixture.handle(message);
    expect([sent(), fixture.counted]).toEqual([[], ['ended']]);
  });

  it('K-02 is dead when the sealed address cannot be opened', async () => {
    const { message } = await undo();
    (stored(message.eventId)?.data as Record<string, string>).email = 'v1.x.y.z';
    expect(await fixture.handle(message)).toBe('dead');
  });
});
