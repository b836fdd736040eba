import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog } from '@ums/kit/log';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { until } from '../../../infra/kit/test/until.js';
import type { Mishap } from '../../test/fakeMailer.js';
import { type MailWorld, mailWorld } from '../../test/mailWorld.js';
import { handleMail } from '../mails.js';
import { NotAccepted, Undeliverable } from './mailer.js';
import type { MailRecords } from './mailRecord.js';

const lost = new Error('the connection was lost');

describe('one mail for one fact', () => {
  let world: MailWorld;
  beforeAll(async () => {
    world = await mailWorld();
  });
  beforeEach(() => world.clear());
  afterAll(() => world.close());

  it('F-24 sends one mail when the message comes three times', async () => {
    const { message } = await world.register();

    for (let delivery = 1; delivery <= 3; delivery++) expect(await world.handle(message)).toBe('done');

    expect(world.mailer.asked).toBe(1);
  });

  it('F-24 sends one mail when three instances get the message at once', async () => {
    const { message } = await world.register();
    const release = world.mailer.hold();

    const outcomes: string[] = [];
    const deliveries = [1, 2, 3].map(async () => outcomes.push(await world.handle(message)));
    await until(() => outcomes.length === 2);
    release();
    await Promise.all(deliveries);

    expect(outcomes).toEqual(['later', 'later', 'done']);
    expect(world.mailer.asked).toBe(1);
  });

  it('F-24 mails nothing twice while a lease lives, whatever became of its holder', async () => {
    const { message } = await world.register();
    world.mailer.mishaps({ error: lost, after: true });

    expect([await world.handle(message), await world.handle(message)]).toEqual(['later', 'later']);

    expect(world.mailer.asked).toBe(1);
    expect(world.counted).toEqual(['unanswered']);
  });

  it.each([
    ['before', false],
    ['after', true],
  ])('F-24 sends once more, counted, after a crash right %s the mailer accepted', async (_, after) => {
    const { message } = await world.register();
    world.mailer.mishaps({ error: lost, after });
    await world.handle(message);
    await world.leasesEnd();

    expect(await world.handle(message)).toBe('done');
    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.asked).toBe(2);
    expect(world.counted).toEqual(['unanswered', 'resent', 'sent']);
    expect(await world.mails()).toMatchObject([{ state: 'sent', attempts: 2, resends: 1 }]);
    expect(new Set(world.mailer.accepted.map(({ text }) => text)).size).toBe(1);
  });

  it('F-24 gives up after the second silence', async () => {
    const { message } = await world.register();
    world.mailer.mishaps({ error: lost }, { error: lost });
    for (let attempt = 1; attempt <= 2; attempt++) {
      await world.handle(message);
      await world.leasesEnd();
    }

    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.asked).toBe(2);
    expect(await world.mails()).toMatchObject([{ state: 'unknown' }]);
    expect(world.counted.at(-1)).toBe('unknown');
  });

  it('F-24 counts no resend for a crash before the mailer was asked', async () => {
    const { message } = await world.register();
    await world.records.claim({ eventId: message.eventId, about: message.key, correlationId: undefined });
    await world.leasesEnd();

    expect(await world.handle(message)).toBe('done');

    expect(await world.mails()).toMatchObject([{ state: 'sent', attempts: 2, resends: 0 }]);
  });

  it('F-25 tries again what was certainly not taken, at once and as often as it takes', async () => {
    const { message } = await world.register();
    world.mailer.mishaps(...Array.from({ length: 4 }, () => ({ error: new NotAccepted() })));

    for (let attempt = 1; attempt <= 4; attempt++) expect(await world.handle(message)).toBe('later');
    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.accepted).toHaveLength(1);
    expect(await world.mails()).toMatchObject([{ state: 'sent', resends: 0 }]);
  });

  it('F-25 marks what can never be delivered and asks no more', async () => {
    const { message } = await world.register();
    world.mailer.mishaps({ error: new Undeliverable() });

    expect(await world.handle(message)).toBe('dead');
    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.asked).toBe(1);
    expect(await world.mails()).toMatchObject([{ state: 'dead', reason: 'undeliverable' }]);
  });

  it('F-24 gives the lease back when a dependency fails under it', async () => {
    const { message } = await world.register();
    await world.vault.query('alter table registration rename to registration_gone');
    await expect(world.handle(message)).rejects.toThrow();
    await world.vault.query('alter table registration_gone rename to registration');

    expect(await world.handle(message)).toBe('done');

    expect(world.mailer.asked).toBe(1);
  });

  it('F-24 does not ask the mailer when too little of the lease is left for its time-out', async () => {
    const { message } = await world.register();
    const mail = { eventId: message.eventId, about: message.key, correlationId: undefined };
    const lease = await world.records.claim(mail);
    await world.vault.query(`update notifier.mail set lease_until = now() + interval '1 second'`);

    expect(typeof lease === 'object' && (await world.records.sending(lease, 'confirmation'))).toBe(false);
  });

  it('F-24 records what was sent although the connection fails for a moment', async () => {
    const { message } = await world.register();
    const { finish } = world.records;
    let failures = 2;
    const records: MailRecords = {
      ...world.records,
      finish: (...details) => (failures-- > 0 ? Promise.reject(lost) : finish(...details)),
    };

    expect(await handleMail({ ...world.deps, records })(message)).toBe('done');

    expect(await world.mails()).toMatchObject([{ state: 'sent' }]);
  });

  it('F-24 leaves the outcome open when what was sent cannot be recorded at all', async () => {
    const { message } = await world.register();
    const records: MailRecords = { ...world.records, finish: () => Promise.reject(lost) };

    await expect(handleMail({ ...world.deps, records })(message)).rejects.toThrow(lost);

    expect(await world.mails()).toMatchObject([{ state: 'sending' }]);
  });

  it("F-24 loses no mail and sends none twice but where the mailer's answer got lost, whatever comes how often", async () => {
    const rounds = faultRounds({ usual: 30, full: 10_000 });
    const messages = [];
    for (let n = 0; n < rounds; n++) messages.push((await world.register()).message);
    const crashes = messages.map((_, n) => ['none', 'refused', 'before', 'after'][n % 4]);
    world.mailer.mishaps(
      ...crashes.flatMap((crash): Mishap[] => {
        if (crash === 'none') return [{}];
        return [{ error: crash === 'refused' ? new NotAccepted() : lost, after: crash === 'after' }];
      }),
    );

    for (let delivery = 1; delivery <= 3; delivery++) {
      for (const message of messages) await world.handle(message);
      await world.leasesEnd();
    }

    const sent = messages.map(({ eventId }) => world.mailer.accepted.filter((mail) => mail.eventId === eventId).length);
    expect(sent).toEqual(crashes.map((crash) => (crash === 'after' ? 2 : 1)));
  });

  it('L-02 logs a mail by ids, with the correlation id of what caused it', async () => {
    const lines: string[] = [];
    const log = createLog({ service: 'notifier', destination: { write: (line) => void lines.push(line) } });
    const { message } = await world.register({ email: 'canary@example.org', name: 'Canary' });

    await handleMail({ ...world.deps, log })(message);

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'mail sent', template: 'confirmation', eventId: message.eventId, correlationId: message.correlationId },
    ]);
    expect(lines.join('').toLowerCase()).not.toMatch(/canary|token/);
  });

  it('L-02 keeps neither address nor text in its record', async () => {
    const { message } = await world.register({ email: 'canary@example.org', name: 'Canary' });
    await world.handle(message);

    const { rows } = await world.vault.query('select * from notifier.mail');

    expect(rows).toMatchObject([{ state: 'sent', correlation_id: message.correlationId, message_id: 'fake-1' }]);
    expect(JSON.stringify(rows).toLowerCase()).not.toContain('canary');
  });
});
