import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addressMac } from '@ums/identity/addressMac';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';
import type { Mail } from '../mail/mailer.js';

const [ADA, KING] = ['ada@example.org', 'king@example.org'];

let fixture: MailFixture;
beforeAll(async () => {
  fixture = await mailFixture();
});
beforeEach(() => fixture.clear());
afterAll(() => fixture.close());

const sent = () => fixture.mailer.accepted.map(({ to, template }) => `${template} ${to}`);

/** The token in a mail, which must be valid for the address that the mail went to. */
const tokenIn = (mail: Mail | undefined) => {
  const line = mail?.text
    .split('\n')
    .find((text) => text.startsWith('https://users.example.org/ids/api/v1/auth/confirm'));
  const token = new URL(line ?? '').searchParams.get('token') ?? '';
  expect(fixture.mailTokens.verify(token, addressMac(fixture.addressKey, mail?.to ?? ''))).toBe(true);
  return fixture.mailTokens.read(token);
};
/** Makes the recorded event older. */
const age = (eventId: string, days: number) => {
  const metadata = fixture.eventLog.events.find(({ id }) => id === eventId)?.metadata as { at: string };
  metadata.at = new Date(Date.now() - days * 86_400_000).toISOString();
};

describe('the mails for a requested change of the address', () => {
  it('E-05 are a link to the new address and a notice to the current one, each sent once', async () => {
    const { userId, changeId, message } = await fixture.requestEmailChange();
    for (let delivery = 1; delivery <= 2; delivery++) expect(await fixture.handle(message)).toBe('done');

    expect(sent()).toEqual([`emailChange ${KING}`, `emailChangeNotice ${ADA}`]);
    const [link, notice] = fixture.mailer.accepted;
    expect(tokenIn(link)).toMatchObject({ purpose: 'change', ids: [userId, changeId] });
    const undo = tokenIn(notice);
    expect(undo).toMatchObject({ purpose: 'undo', ids: [userId, changeId] });
    const days = (Number(undo?.expires) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(7);
  });

  it('I-06 do not name the other address, and the one to the new address not the user either', async () => {
    await fixture.handle((await fixture.requestEmailChange()).message);
    const [link, notice] = fixture.mailer.accepted;
    expect(link?.to).toBe(KING);
    expect(`${link?.subject}${link?.text}${link?.html}`).not.toMatch(/Lovelace|ada@/);
    expect(`${notice?.text}${notice?.html}`).not.toContain('king@');
  });

  it.each(['current', 'held'])(
    'E-03 tell the owner of a taken address instead of sending the link, also when it is only %s',
    async (state) => {
      await fixture.takeAddress(KING);
      await fixture.vault.query(
        `update address set state = $1, held_until = case $1 when 'held' then now() + interval '1 day' end`,
        [state],
      );
      await fixture.handle((await fixture.requestEmailChange()).message);
      expect(sent()).toEqual([`emailTaken ${KING}`, `emailChangeNotice ${ADA}`]);
      expect(fixture.mailer.accepted[0]?.text).not.toContain('http');
    },
  );

  it('E-05 send the link when the user has the address already, as one that they can have back', async () => {
    const { userId, message } = await fixture.requestEmailChange();
    await fixture.vault.query(
      `insert into address (mac, user_id, state, held_until) values ($1, $2, 'held', now() + interval '1 day')`,
      [addressMac(fixture.addressKey, KING), userId],
    );
    await fixture.handle(message);
    expect(sent()).toEqual([`emailChange ${KING}`, `emailChangeNotice ${ADA}`]);
  });

  it.each([
    ['over the mail limit', { mail: false }, '', 'silent'],
    ['after its best-before', { hours: -1 }, '', 'expired'],
    ['whose row is gone', {}, 'delete from email_change', 'ended'],
  ])('R-06 F-24 are the notice alone for a request %s', async (_, options, sql, counted) => {
    const { message } = await fixture.requestEmailChange(options);
    if (sql !== '') await fixture.vault.query(sql);
    expect(await fixture.handle(message)).toBe('done');
    expect(sent()).toEqual([`emailChangeNotice ${ADA}`]);
    expect(fixture.counted).toEqual([counted, 'sent']);
  });

  it('F-24 are not sent after the time in which the change can be undone', async () => {
    const { message } = await fixture.requestEmailChange({ hours: -1 });
    age(message.eventId, 7);
    expect(await fixture.handle(message)).toBe('done');
    expect([sent(), fixture.counted]).toEqual([[], ['expired', 'expired']]);
  });

  it('G-02 are not sent once the user is erased', async () => {
    const { message } = await fixture.requestEmailChange();
    await fixture.vault.query('update data_key set wrapped = null, master_key_id = null, erased_at = now()');
    expect(await fixture.handle(message)).toBe('done');
    expect([sent(), fixture.counted]).toEqual([[], ['ended', 'ended']]);
  });

  it('K-02 are dead when the sealed addresses were exchanged', async () => {
    const { message } = await fixture.requestEmailChange();
    const data = fixture.eventLog.events.find(({ id }) => id === message.eventId)?.data as Record<string, string>;
    [data.email, data.currentEmail] = [data.currentEmail ?? '', data.email ?? ''];
    expect(await fixture.handle(message)).toBe('dead');
    expect(sent()).toEqual([]);
  });
});

describe('the mail for a confirmed change of the address', () => {
  it('E-05 goes to the previous address, with a link that undoes the change for seven days', async () => {
    const { userId, changeId, message } = await fixture.changeEmail();
    age(message.eventId, 2);
    expect(await fixture.handle(message)).toBe('done');

    expect(sent()).toEqual([`emailChanged ${ADA}`]);
    const undo = tokenIn(fixture.mailer.accepted[0]);
    expect(undo).toMatchObject({ purpose: 'undo', ids: [userId, changeId] });
    expect(Math.round((Number(undo?.expires) - Date.now()) / 86_400_000)).toBe(5);
  });

  it.each([
    ['after its best-before', 8, '', 'expired'],
    [
      'once the user is erased',
      0,
      'update data_key set wrapped = null, master_key_id = null, erased_at = now()',
      'ended',
    ],
  ])('F-24 G-02 is not sent %s', async (_, days, sql, counted) => {
    const { message } = await fixture.changeEmail();
    age(message.eventId, days);
    if (sql !== '') await fixture.vault.query(sql);
    expect(await fixture.handle(message)).toBe('done');
    expect([sent(), fixture.counted]).toEqual([[], [counted]]);
  });

  it('K-02 is dead when the sealed addresses were exchanged', async () => {
    const { message } = await fixture.changeEmail();
    const data = fixture.eventLog.events.find(({ id }) => id === message.eventId)?.data as Record<string, string>;
    [data.email, data.previousEmail] = [data.previousEmail ?? '', data.email ?? ''];
    expect(await fixture.handle(message)).toBe('dead');
  });
});
