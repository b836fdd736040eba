import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addressMac } from '@ums/identity/addressMac';
import { type MailWorld, mailWorld } from '../../test/mailWorld.js';

describe('the mail for a registration', () => {
  let world: MailWorld;
  beforeAll(async () => {
    world = await mailWorld();
  });
  beforeEach(() => world.clear());
  afterAll(() => world.close());

  it('E-07 carries a link that proves the address, alone on its line, under the configured base URL', async () => {
    const { id, message } = await world.register({ email: 'ada@example.org' });

    expect(await world.handle(message)).toBe('done');

    const [mail] = world.mailer.accepted;
    expect(mail).toMatchObject({ to: 'ada@example.org', template: 'confirmation', eventId: message.eventId });
    const line = mail?.text.split('\n').find((text) => text.startsWith('https://'));
    const link = new URL(line ?? '');
    expect(link.origin + link.pathname).toBe('https://users.example.org/api/v1/auth/confirm');
    const token = link.searchParams.get('token') ?? '';
    expect(world.mailTokens.read(token)).toMatchObject({ purpose: 'confirm', ids: [id] });
    expect(world.mailTokens.verify(token, addressMac(world.addressKey, 'ada@example.org'))).toBe(true);
    expect(mail?.html).toContain(`href="${line}"`);
  });

  it('E-03 says "you already have an account" to the owner of a taken address, without a link', async () => {
    await world.takeAddress('ada@example.org');
    const { message } = await world.register({ email: 'ada@example.org' });

    await world.handle(message);

    expect(world.mailer.accepted).toMatchObject([{ to: 'ada@example.org', template: 'accountExists' }]);
    expect(world.mailer.accepted[0]?.text).not.toContain('http');
  });

  it('E-03 is not sent to somebody whose own registration was confirmed meanwhile', async () => {
    const { id, message } = await world.register({ email: 'ada@example.org' });
    await world.takeAddress('ada@example.org', id);

    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.accepted).toEqual([]);
    expect(world.counted).toEqual(['ended']);
  });

  it.each([
    ['ended and its row is gone', 'delete from registration'],
    ['was completed', 'update registration set completed_at = now()'],
    ['lost its key', 'update data_key set wrapped = null, master_key_id = null, erased_at = now()'],
    ['lost even the row of its key', 'delete from data_key'],
  ])('G-02 is not sent when the registration %s', async (_, sql) => {
    const { message } = await world.register();
    await world.vault.query(sql);

    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.accepted).toEqual([]);
    expect(await world.mails()).toMatchObject([{ state: 'skipped', reason: 'ended' }]);
  });

  it('F-24 is not sent past its best-before, the expiry of the registration, and that is counted', async () => {
    const { message } = await world.register({ hours: -1 });

    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.accepted).toEqual([]);
    expect(world.counted).toEqual(['expired']);
  });

  it('R-06 is not sent for a registration that a limit made silent', async () => {
    const { message } = await world.register({ mail: false });

    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.accepted).toEqual([]);
    expect(world.counted).toEqual(['silent']);
  });

  it('K-02 is dead when the sealed address was moved here from another event', async () => {
    const { message } = await world.register();
    const stored = world.eventLog.events.find(({ id }) => id === message.eventId);
    const data = stored?.data as Record<string, string>;
    [data.email, data.name] = [data.name ?? '', data.email ?? ''];

    expect(await world.handle(message)).toBe('dead');

    expect(await world.mails()).toMatchObject([{ state: 'dead', reason: 'SealBroken' }]);
  });
});
