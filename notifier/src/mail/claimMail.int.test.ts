import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '@ums/contracts/messages/message';
import { until } from '../../../infra/kit/test/until.js';
import { type MailFixture, mailFixture } from '../../test/mailFixture.js';
import { type MailRecords, mailRecords } from './mailRecords.js';

const lost = new Error('the connection was lost');

describe('the claim of a composed mail', () => {
  let fixture: MailFixture;
  beforeAll(async () => {
    fixture = await mailFixture();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture.close());

  /** Handles a message until the process would end at a point: when the mail was composed, claimed, accepted or recorded. */
  const crashAt = async (point: 'composed' | 'claimed' | 'accepted' | 'recorded', message: Message): Promise<void> => {
    const crash = new Error('the process ended');
    const { claim, finish } = fixture.records;
    const records: MailRecords = {
      ...fixture.records,
      claim: async (...args) => {
        if (point !== 'composed') {
          const lease = await claim(...args);
          if (point !== 'claimed') return lease;
        }
        throw crash;
      },
      finish: async (...args) => {
        if (point === 'recorded') await finish(...args);
        throw crash;
      },
    };
    await expect(fixture.handleWith({ records })(message)).rejects.toThrow(crash);
  };

  it('F-24 counts a crash between the claim and the call of the mailer as a lost answer, and sends the mail', async () => {
    const { message } = await fixture.register();
    await crashAt('claimed', message);
    expect(await fixture.mailRows()).toMatchObject([{ state: 'sending' }]);

    expect(await fixture.handle(message)).toBe('later');
    await fixture.expireLeases();
    expect(await fixture.handle(message)).toBe('done');

    expect(fixture.mailer.accepted).toHaveLength(1);
    expect(await fixture.mailRows()).toMatchObject([{ state: 'sent', attempts: 2, resends: 1 }]);
    expect(fixture.counted).toEqual(['resent', 'sent']);
  });

  it.each([
    ['composed', 1],
    ['claimed', 1],
    ['accepted', 2],
    ['recorded', 1],
  ] as const)(
    'F-24 delivers a mail at least once and at most twice after a crash when it was %s',
    async (point, sent) => {
      const { message } = await fixture.register();
      await crashAt(point, message);
      await fixture.expireLeases();

      for (let delivery = 1; delivery <= 2; delivery++) expect(await fixture.handle(message)).toBe('done');

      expect(fixture.mailer.accepted).toHaveLength(sent);
      expect(await fixture.mailRows()).toMatchObject([{ state: 'sent' }]);
    },
  );

  it('F-24 does not call the mailer when the lease ends before its time-out', async () => {
    const { message } = await fixture.register();
    const records = mailRecords({ pool: fixture.vault, leaseMs: 6_000, sendTimeoutMs: 5_950 });
    const claim: MailRecords['claim'] = async (...args) => {
      const lease = await records.claim(...args);
      await sleep(60);
      return lease;
    };

    expect(await fixture.handleWith({ records: { ...records, claim } })(message)).toBe('later');

    expect(fixture.mailer.calls).toBe(0);
    expect(await fixture.handle(message)).toBe('done');
    expect(await fixture.mailRows()).toMatchObject([{ state: 'sent', resends: 0 }]);
  });

  it('F-24 does not send a mail that was composed too long ago', async () => {
    const { message } = await fixture.register();
    const records = mailRecords({ pool: fixture.vault, leaseMs: 5_050, sendTimeoutMs: 5_000 });
    const keys = {
      ...fixture.keys,
      fresh: async (subjects: Iterable<string>) => {
        await sleep(60);
        return fixture.keys.fresh(subjects);
      },
    };

    expect(await fixture.handleWith({ records, keys })(message)).toBe('later');

    expect(fixture.mailer.calls).toBe(0);
  });

  it('F-24 returns "later" for a mail composed while another instance holds it', async () => {
    const { message } = await fixture.register();
    const release = fixture.mailer.hold();
    const sending = fixture.handle(message);
    await until(() => fixture.mailer.calls === 1);

    expect(await fixture.handle(message)).toBe('later');
    await fixture.vault.query('delete from registration');
    expect(await fixture.handle(message)).toBe('later');
    release();

    expect(await sending).toBe('done');
    expect(await fixture.mailRows()).toMatchObject([{ state: 'sent', attempts: 1 }]);
    expect(fixture.counted).toEqual(['sent']);
  });

  it('F-24 keeps the record of a sent mail when a redelivered message would be skipped', async () => {
    const { message } = await fixture.register();
    await fixture.handle(message);
    await fixture.vault.query('delete from registration');

    expect(await fixture.handle(message)).toBe('done');

    expect(await fixture.mailRows()).toMatchObject([{ state: 'sent', reason: null }]);
    expect(fixture.counted).toEqual(['sent']);
  });

  it('F-24 skips the second attempt when the registration ended after a lost answer', async () => {
    const { message } = await fixture.register();
    fixture.mailer.plan({ error: lost });
    await fixture.handle(message);
    await fixture.expireLeases();
    await fixture.vault.query('delete from registration');

    expect(await fixture.handle(message)).toBe('done');

    expect(await fixture.mailRows()).toMatchObject([{ state: 'skipped', reason: 'ended', template: 'confirmation' }]);
    expect(fixture.counted).toEqual(['unanswered', 'ended']);
  });
});
