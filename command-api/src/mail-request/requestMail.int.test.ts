import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { awakeTime } from '../../../infra/kit/test/awakeTime.js';
import { until } from '../../../infra/kit/test/until.js';
import {
  addressMacOf,
  newestRegistration,
  noLimits,
  PASSWORD,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { register } from '../registration/register.js';
import { requestMail } from './requestMail.js';

let deps: TestCommands;
let email: string;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(() => {
  email = `${randomUUID()}@example.org`;
});
afterAll(() => deps.close());

const mailRequests = async () =>
  (
    await deps.vault.query<{ expires_at: Date }>('select * from mail_request where address_mac = $1', [
      addressMacOf(deps, email),
    ])
  ).rows;

describe('requestMail', () => {
  it('E-01 stores one mail request and one event for any address, without the address in the log', async () => {
    const start = deps.eventLog.events.length;
    await requestMail(deps, { email, purpose: 'confirm-registration' }, requestOrigin());
    const [event] = deps.eventLog.events.slice(start);
    expect(event).toMatchObject({ type: 'MailRequested', data: { purpose: 'confirm-registration' } });
    expect(event?.metadata).not.toHaveProperty('source');
    const [request] = await mailRequests();
    expect(request?.expires_at.getTime()).toBe(deps.clock.now().getTime() + 3_600_000);
  });

  it('R-06 stores an expired mail request over the mail limit', async () => {
    await requestMail(
      { ...deps, limits: noLimits(deps.vault, deps.clock, { mailsPerAddress: 0 }) },
      { email, purpose: 'confirm-registration' },
      requestOrigin(),
    );
    expect((await mailRequests())[0]?.expires_at).toEqual(deps.clock.now());
  });

  it('R-06 hides no mail of a registration behind requests to resend, which mail nothing to who has none', async () => {
    const limits = noLimits(deps.vault, deps.clock, { mailsPerAddress: 1 });
    for (let time = 0; time < 2; time++)
      await requestMail({ ...deps, limits }, { email, purpose: 'confirm-registration' }, requestOrigin());
    await register({ ...deps, limits }, { email, name: 'Ada', password: PASSWORD }, requestOrigin());
    const { rows } = await deps.vault.query('select mail from registration where address_mac = $1', [
      addressMacOf(deps, email),
    ]);
    expect(rows).toEqual([{ mail: true }]);
  });

  it.each(['confirm-registration', 'reset-password'] as const)(
    'R-06 lets the link that %s mails live on, however many registrations of the address follow without a mail',
    async (purpose) => {
      const silent = { ...deps, limits: noLimits(deps.vault, deps.clock, { mailsPerAddress: 0 }) };
      const registering = () => register(silent, { email, name: 'Ada', password: PASSWORD }, requestOrigin());
      await registering();
      const id = await newestRegistration(deps, email);
      await requestMail(silent, { email, purpose }, requestOrigin());
      await requestMail(deps, { email, purpose }, requestOrigin());
      for (let count = 0; count < 12; count += 1) await registering();
      const { rows } = await deps.vault.query<{ id: string }>('select id from registration where address_mac = $1', [
        addressMacOf(deps, email),
      ]);
      expect(rows.map((row) => row.id)).toContain(id);
      expect(rows.length).toBeLessThanOrEqual(12);
    },
  );

  describe('F-03 while the log fails', () => {
    const purpose = 'reset-password';
    const limited = (): TestCommands => {
      const limits = noLimits(deps.vault, deps.clock, { mailsPerAddressAndSource: 3 });
      return { ...deps, limits, eventLog: { ...deps.eventLog } };
    };
    const counted = async () => (await deps.vault.query("select from attempt where state = 'mail'")).rowCount;

    it.each([
      ['refused before they were sent', () => new DependencyUnavailable('event log', undefined, false)],
      ['without an answer', () => new LogUnavailable()],
    ])('R-06 counts no requests whose append was %s, and leaves no rows of them', async (_, failure) => {
      const outage = limited();
      outage.eventLog.append = () => Promise.reject(failure());
      for (let time = 1; time <= 4; time++)
        await expect(requestMail(outage, { email, purpose }, requestOrigin())).rejects.toEqual(failure());
      expect(await mailRequests()).toEqual([]);
      await requestMail(limited(), { email, purpose }, requestOrigin());
      expect(await mailRequests()).toHaveLength(1);
    });

    it('answers in time while the vault hangs beside it, and takes the request back once the vault works', async () => {
      const before = await counted();
      const blocker = await deps.vault.connect();
      const outage = limited();
      outage.eventLog.append = async () => {
        await blocker.query('begin; lock table mail_request in access exclusive mode');
        throw new LogUnavailable();
      };
      const passed = awakeTime();
      await expect(requestMail(outage, { email, purpose }, requestOrigin())).rejects.toBeInstanceOf(LogUnavailable);
      expect(passed()).toBeLessThan(1_000);
      await blocker.query('rollback');
      blocker.release();
      await until(async () => (await mailRequests()).length === 0 && (await counted()) === before);
    });

    it('throws the failure of the log when the vault fails as well', async () => {
      const outage = limited();
      outage.eventLog.append = async () => {
        outage.vault = Object.assign(Object.create(deps.vault), { query: () => Promise.reject(new Error('down')) });
        throw new LogUnavailable();
      };
      await expect(requestMail(outage, { email, purpose }, requestOrigin())).rejects.toBeInstanceOf(LogUnavailable);
      expect(await mailRequests()).toHaveLength(1);
    });
  });

  it('refuses text that is not an address', async () => {
    await expect(
      requestMail(deps, { email: 'no address', purpose: 'confirm-registration' }, requestOrigin()),
    ).rejects.toMatchObject({
      slug: 'validation-failed',
    });
  });
});
