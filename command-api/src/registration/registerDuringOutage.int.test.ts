import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { registrationStatus } from '@ums/identity/vault/registrations';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { type EventLog, LogUnavailable, NO_STREAM, WrongRevision } from '@ums/kit/event-log/eventLog';
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
  tokenFor,
} from '../../test/testCommands.js';
import { findWaiting } from '../session/loginStream.js';
import { confirm } from './confirm.js';
import { register } from './register.js';

let deps: TestCommands;
let email: string;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(() => {
  email = `${randomUUID()}@example.org`;
});
afterAll(() => deps.close());

/** @param append in place of that of the log */
const registering = (append: EventLog['append'] = deps.eventLog.append) => {
  const limits = noLimits(deps.vault, deps.clock, { mailsPerAddressAndSource: 3 });
  const eventLog = { ...deps.eventLog, append };
  return register({ ...deps, limits, eventLog }, { email, name: 'Ada', password: PASSWORD }, requestOrigin());
};
/** Registrations of the address and their mails that count. */
const counts = async () => {
  const { rows } = await deps.vault.query(
    `select (select count(*)::int from registration where address_mac = $1) as registrations,
       (select count(*)::int from data_key) as keys,
       (select count(*)::int from attempt where state in ('mail', 'silent')) as mails`,
    [addressMacOf(deps, email)],
  );
  return rows[0];
};
/** Takes effect, runs `work`, and gives no answer. */
const unanswered =
  (work: () => Promise<unknown> = async () => undefined): EventLog['append'] =>
  async (...args) => {
    await deps.eventLog.append(...args);
    await work();
    throw new LogUnavailable();
  };

describe('registering while the log fails', () => {
  it('R-06 counts no mail when the append was refused before it was sent, and leaves neither row nor key', async () => {
    const failure = new DependencyUnavailable('event log', undefined, false);
    const before = await counts();
    for (let time = 1; time <= 4; time++)
      await expect(registering(() => Promise.reject(failure))).rejects.toEqual(failure);
    expect(await counts()).toEqual(before);
    await registering();
    expect((await counts())?.registrations).toBe(1);
  });

  it('R-06 counts no mail when the append got no answer, and keeps few registrations of an address', async () => {
    const before = await counts();
    for (let time = 1; time <= 14; time++)
      await expect(registering(() => Promise.reject(new LogUnavailable()))).rejects.toBeInstanceOf(LogUnavailable);
    const after = await counts();
    expect(after?.mails).toBe(before?.mails);
    expect(after?.registrations).toBe(10);
    expect(after?.keys - before?.keys).toBe(after?.registrations);
  });

  it('keeps the earlier registration the one that a log-in finds', async () => {
    await registering();
    const id = await newestRegistration(deps, email);
    await expect(registering(() => Promise.reject(new LogUnavailable()))).rejects.toBeInstanceOf(LogUnavailable);
    const found = await findWaiting(deps.vault, addressMacOf(deps, email), deps.clock.now());
    expect(found).toMatchObject({ kind: 'found', id });
  });

  it('keeps the link valid that was mailed before the failure, and mails nothing later', async () => {
    const before = await counts();
    await expect(registering(unanswered())).rejects.toBeInstanceOf(LogUnavailable);
    expect((await counts())?.mails).toBe(before?.mails);
    const id = await newestRegistration(deps, email);
    expect(await registrationStatus(deps.vault, id, addressMacOf(deps, email))).toMatchObject({ mail: false });
    expect(await confirming()).toMatchObject({ revision: 0n });
  });

  it('G-02 ends the registration whose event cannot be in the log', async () => {
    const before = await counts();
    await expect(
      registering(() => Promise.reject(new WrongRevision('registration', NO_STREAM, 0n))),
    ).rejects.toBeInstanceOf(WrongRevision);
    expect(await counts()).toEqual(before);
  });

  const confirming = async () =>
    confirm(
      deps,
      { token: tokenFor(deps, await newestRegistration(deps, email), email), password: PASSWORD },
      requestOrigin(),
    );

  it('keeps a registration that was confirmed before the failure', async () => {
    const before = await counts();
    await expect(registering(unanswered(confirming))).rejects.toBeInstanceOf(LogUnavailable);
    const after = await counts();
    expect([after?.registrations, after?.mails]).toEqual([1, before?.mails + 1]);
    expect(await confirming()).toMatchObject({ revision: 0n });
  });

  it('keeps a registration that is claimed and not completed', async () => {
    deps.crashAfter('registration-claimed');
    const claiming = () => confirming().catch(() => undefined);
    await expect(registering(unanswered(claiming))).rejects.toBeInstanceOf(LogUnavailable);
    expect(await confirming()).toMatchObject({ revision: 0n });
  });

  it('F-03 answers in time while the vault hangs too, and counts the mail no more once it works', async () => {
    const before = await counts();
    const blocker = await deps.vault.connect();
    const passed = awakeTime();
    const hangs: EventLog['append'] = async () => {
      await blocker.query('begin; lock table registration in access exclusive mode');
      throw new LogUnavailable();
    };
    await expect(registering(hangs)).rejects.toBeInstanceOf(LogUnavailable);
    expect(passed()).toBeLessThan(1_000);
    await blocker.query('rollback');
    blocker.release();
    await until(async () => (await counts())?.mails === before?.mails);
  });
});
