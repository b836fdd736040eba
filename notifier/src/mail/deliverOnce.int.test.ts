import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { until } from '../../../infra/kit/test/until.js';
import type { PlannedSend } from '../../test/fakeMailer.js';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';
import { AnsweredByProxy, NotAccepted, Undeliverable } from './mailer.js';

const lost = new Error('the connection was lost');

describe('one mail per fact', () => {
  let fixture: MailFixture;
  beforeAll(async () => {
    fixture = await mailFixture();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  it('F-24 sends one mail when the message is delivered three times', async () => {
    const { message } = await fixture.register();

    for (let delivery = 1; delivery <= 3; delivery++) expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.calls).toBe(1);
  });

  it('F-24 sends one mail when three instances get the message at the same time', async () => {
    const { message } = await fixture.register();
    const release = fixture.mailer.hold();

    const outcomes: string[] = [];
    const deliveries = [1, 2, 3].map(async () => outcomes.push(await fixture.handle(message)));
    await until(() => outcomes.length === 2);
    release();
    await Promise.all(deliveries);

    expect(outcomes).toEqual(['later', 'later', 'done']);
    expect(fixture.mailer.calls).toBe(1);
  });

  it('F-24 does not send again while the lease is valid', async () => {
    const { message } = await fixture.register();
    fixture.mailer.plan({ error: lost, accepted: true });

    expect([await fixture.handle(message), await fixture.handle(message)]).toEqual(['later', 'later']);

    expect(fixture.mailer.calls).toBe(1);
    expect(fixture.counted).toEqual(['unanswered']);
  });

  it.each([
    ['before', false],
    ['after', true],
  ])('F-24 sends once more, and counts that, when the answer was lost %s the mailer accepted', async (_, accepted) => {
    const { message } = await fixture.register();
    fixture.mailer.plan({ error: lost, accepted });
    await fixture.handle(message);
    await fixture.expireLeases();

    expect(await fixture.handle(message)).toBe('done');
    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.calls).toBe(2);
    expect(fixture.counted).toEqual(['unanswered', 'resent', 'sent']);
    expect(await fixture.mailRows()).toMatchObject([{ state: 'sent', attempts: 2, resends: 1 }]);
    expect(new Set(fixture.mailer.accepted.map(({ text }) => text)).size).toBe(1);
  });

  it('F-24 sends once more, ten minutes later, when a proxy answered in place of the mailer, and then gives up', async () => {
    const { message } = await fixture.register();
    const error = new AnsweredByProxy();
    fixture.mailer.plan({ error }, { error });
    expect(await fixture.handle(message)).toBe('later');
    const [row] = await fixture.leasesInSeconds();
    expect(row).toBeGreaterThan(570);
    expect(row).toBeLessThanOrEqual(600);
    expect(await fixture.handle(message)).toBe('later');
    expect(fixture.mailer.calls).toBe(1);
    await fixture.expireLeases();
    expect(await fixture.handle(message)).toBe('later');
    await fixture.expireLeases();
    expect(await fixture.handle(message)).toBe('done');
    expect(fixture.mailer.calls).toBe(2);
    expect(fixture.counted).toEqual(['unanswered', 'resent', 'unanswered', 'unknown']);
  });

  it('counts a mail as resent only when it may have left again', async () => {
    const { message } = await fixture.register();
    fixture.mailer.plan({ error: lost }, { error: new NotAccepted() });
    await fixture.handle(message);
    await fixture.expireLeases();
    expect(await fixture.handle(message)).toBe('later');
    expect(await fixture.handle(message)).toBe('done');
    expect(fixture.counted).toEqual(['unanswered', 'not-accepted', 'resent', 'sent']);
  });

  it('F-24 gives up after the second lost answer', async () => {
    const { message } = await fixture.register();
    fixture.mailer.plan({ error: lost }, { error: lost });
    for (let attempt = 1; attempt <= 2; attempt++) {
      await fixture.handle(message);
      await fixture.expireLeases();
    }

    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.calls).toBe(2);
    expect(await fixture.mailRows()).toMatchObject([{ state: 'unknown' }]);
    expect(fixture.counted.at(-1)).toBe('unknown');
  });

  it('F-24 counts no resend after a crash before the mailer was called', async () => {
    const { message } = await fixture.register();
    const mail = { eventId: message.eventId, about: message.key, correlationId: undefined };
    const lease = await fixture.records.claim(mail, { state: 'sending', template: 'confirmation' });
    if (typeof lease === 'object') await fixture.records.release(lease);
    await fixture.expireLeases();

    expect(await fixture.handle(message)).toBe('done');

    expect(await fixture.mailRows()).toMatchObject([{ state: 'sent', attempts: 2, resends: 0 }]);
  });

  it('F-25 retries a mail that was not accepted, without waiting for the lease and without a limit', async () => {
    const { message } = await fixture.register();
    fixture.mailer.plan(...Array.from({ length: 4 }, () => ({ error: new NotAccepted() })));

    for (let attempt = 1; attempt <= 4; attempt++) expect(await fixture.handle(message)).toBe('later');
    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.accepted).toHaveLength(1);
    expect(await fixture.mailRows()).toMatchObject([{ state: 'sent', resends: 0 }]);
  });

  it('F-25 records what became of a mail also when a connection to Postgres is lost', async () => {
    const losingOnce = <A extends unknown[]>(record: (...args: A) => Promise<void>) => {
      let isLost = false;
      return async (...args: A): Promise<void> => {
        if (isLost) return record(...args);
        isLost = true;
        throw lost;
      };
    };
    const refused = await fixture.register();
    for (let attempt = 1; attempt <= 2; attempt++) {
      fixture.mailer.plan({ error: new NotAccepted() });
      const records = { ...fixture.records, release: losingOnce(fixture.records.release) };
      expect(await fixture.handleWith({ records })(refused.message)).toBe('later');
    }
    expect(await fixture.handle(refused.message)).toBe('done');
    const dead = await fixture.register();
    fixture.mailer.plan({ error: new Undeliverable() });
    const records = { ...fixture.records, finish: losingOnce(fixture.records.finish) };
    expect(await fixture.handleWith({ records })(dead.message)).toBe('dead');
    expect(await fixture.mailRows()).toMatchObject([{ state: 'sent', resends: 0 }, { state: 'dead' }]);
  });

  it('F-25 marks an undeliverable mail as dead and does not send it again', async () => {
    const { message } = await fixture.register();
    fixture.mailer.plan({ error: new Undeliverable() });

    expect(await fixture.handle(message)).toBe('dead');
    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.calls).toBe(1);
    expect(await fixture.mailRows()).toMatchObject([{ state: 'dead', reason: 'undeliverable' }]);
  });

  it('F-24 leaves no lease when a dependency fails while composing', async () => {
    const { message } = await fixture.register();
    await fixture.vault.query('alter table registration rename to registration_moved');
    await expect(fixture.handle(message)).rejects.toThrow();
    await fixture.vault.query('alter table registration_moved rename to registration');

    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.calls).toBe(1);
  });

  it('F-24 loses no mail, and sends a mail twice only when it was accepted and the answer was lost', async () => {
    const rounds = faultRounds({ usual: 30, full: 10_000 });
    const messages = [];
    for (let n = 0; n < rounds; n++) messages.push((await fixture.register()).message);
    const failures = messages.map((_, n) => ['none', 'refused', 'lost before', 'lost after'][n % 4]);
    fixture.mailer.plan(
      ...failures.map((failure): PlannedSend => {
        if (failure === 'none') return {};
        return { error: failure === 'refused' ? new NotAccepted() : lost, accepted: failure === 'lost after' };
      }),
    );

    for (let delivery = 1; delivery <= 3; delivery++) {
      for (const message of messages) await fixture.handle(message);
      await fixture.expireLeases();
    }

    const sent = messages.map(
      ({ eventId }) => fixture.mailer.accepted.filter((mail) => mail.eventId === eventId).length,
    );
    expect(sent).toEqual(failures.map((failure) => (failure === 'lost after' ? 2 : 1)));
  });
});
