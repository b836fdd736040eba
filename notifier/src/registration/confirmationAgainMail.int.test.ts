import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addressMac } from '@ums/identity/addressMac';
import { type MailWorld, mailWorld } from '../../test/mailWorld.js';
import type { Mailer } from '../mail/mailer.js';
import { handleMail } from '../mails.js';

describe('a wish for the confirmation mail', () => {
  let world: MailWorld;
  beforeAll(async () => {
    world = await mailWorld();
  });
  beforeEach(() => world.clear());
  afterAll(() => world.close());

  const idsMailed = () =>
    world.mailer.accepted.flatMap(({ text }) => {
      const token = /token=(\S+)/.exec(text)?.[1];
      return token === undefined ? [] : (world.mailTokens.read(token)?.ids ?? []);
    });

  it('R-06 mails the three newest registrations that wait for the address, each, and no other', async () => {
    const ids = [];
    for (let n = 1; n <= 4; n++) ids.push((await world.register({ mail: n !== 3 })).id);
    await world.register({ email: 'grace@example.org' });
    const message = await world.wish('ada@example.org');

    for (let delivery = 1; delivery <= 2; delivery++) expect(await world.handle(message)).toBe('done');

    expect(idsMailed()).toEqual(ids.slice(1).reverse());
    expect(world.mailer.accepted.every(({ to }) => to === 'ada@example.org')).toBe(true);
  });

  it('F-24 sends after a failure only what was not sent before it', async () => {
    const { id: older } = await world.register();
    const { id: newer } = await world.register();
    const message = await world.wish();
    const { send } = world.mailer;
    let calls = 0;
    const mailer: Mailer = {
      send: (mail) => (calls++ === 0 ? Promise.reject(new Error('the connection was lost')) : send(mail)),
    };

    expect(await handleMail({ ...world.deps, mailer })(message)).toBe('later');
    await world.leasesEnd();

    expect(await world.handle(message)).toBe('done');

    expect(idsMailed()).toEqual([older, newer]);
  });

  it('E-03 mails once, "you already have an account", when the address is taken', async () => {
    await world.register();
    await world.register();
    await world.takeAddress('ada@example.org');

    await world.handle(await world.wish());

    expect(world.mailer.accepted).toMatchObject([{ template: 'accountExists' }]);
  });

  it.each([
    ['for which nothing waits', () => world.wish('nobody@example.org')],
    ['past its hour', () => world.register().then(() => world.wish('ada@example.org', -1))],
    ['whose registration has expired', () => world.register({ hours: -1 }).then(() => world.wish())],
  ])('R-06 sends nothing %s', async (_, wish) => {
    expect(await world.handle(await wish())).toBe('done');

    expect(world.mailer.asked).toBe(0);
    expect(world.counted).toEqual(['ended']);
  });

  it('F-06 leaves out a registration whose fact never came', async () => {
    await world.vault.query(
      `insert into registration (id, address_mac, expires_at) values (gen_random_uuid(), $1, now() + interval '1 day')`,
      [addressMac(world.addressKey, 'ada@example.org')],
    );

    expect(await world.handle(await world.wish())).toBe('done');

    expect(world.mailer.asked).toBe(0);
  });

  it('F-15 puts a wish aside whose purpose nobody knows', async () => {
    const message = await world.wish();
    const stored = world.eventLog.events.find(({ id }) => id === message.eventId);
    (stored?.data as { purpose: string }).purpose = 'another';

    expect(await world.handle(message)).toBe('dead');
  });
});
