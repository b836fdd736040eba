import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalAddress } from '@ums/contracts/address';
import { userStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import { aUser, caller, macOf, PASSWORD, type TestCommands, testCommands } from '../../test/testCommands.js';
import { findLoginStream } from '../session/loginStream.js';
import { loadRegistration } from './loadRegistration.js';
import { register } from './register.js';
import { sendAgain } from './sendAgain.js';

let deps: TestCommands;
let email: string;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(() => {
  email = `${randomUUID()}@example.org`;
});
afterAll(() => deps.close());

const registering = (change: Partial<{ email: string; name: string; password: string }> = {}) =>
  register(deps, { email, name: 'Ada Lovelace', password: PASSWORD, ...change }, caller());
const registrations = async (address = email) =>
  (
    await deps.vault.query<{ id: string; mail: boolean }>(
      'select id, mail from registration where address_mac = $1 order by requested_at',
      [macOf(deps, address)],
    )
  ).rows;

describe('register', () => {
  it('E-03 does for a taken address what it does for a free one, and writes nothing to its owner’s stream', async () => {
    const userId = await aUser(deps, email);
    const before = await deps.eventLog.readStream(userStream(userId));
    const start = deps.eventLog.events.length;
    await registering({ password: 'a stranger chose this' });
    expect(deps.eventLog.events.slice(start).map(({ type }) => type)).toEqual(['RegistrationRequested']);
    expect(await deps.eventLog.readStream(userStream(userId))).toEqual(before);
    expect(await findLoginStream(deps.vault, macOf(deps, email), deps.clock.now())).toEqual({
      kind: 'account',
      userId,
    });
  });

  it('lets several registrations of one address wait, at the same moment too; login meets the newest', async () => {
    await Promise.all(Array.from({ length: 5 }, () => registering()));
    await registering({ name: 'The Newest' });
    const waiting = await registrations();
    expect(waiting).toHaveLength(6);
    const target = await findLoginStream(deps.vault, macOf(deps, email), deps.clock.now());
    expect(target).toEqual({ kind: 'registration', registrationId: waiting.at(-1)?.id });
  });

  it('E-08 stores and looks up the canonical address, whatever was typed', async () => {
    await registering({ email: email.toUpperCase() });
    const [row] = await registrations(String(canonicalAddress(email)));
    const { facts } = await loadRegistration(deps, String(row?.id));
    expect(facts[0]?.data).toMatchObject({ email });
  });

  it('I-02 names every faulty field at once, and no value', async () => {
    const bad = { email: 'Eve <eve@evil.example>', name: 'a\u0000b', password: 'Tr0ub4dor&3' };
    const refused = await registering(bad).catch((error: unknown) => error);
    const { slug, details } = refused as { slug: string; details: { errors: { field: string }[] } };
    expect([slug, details.errors.map(({ field }) => field)]).toEqual([
      'validation-failed',
      ['email', 'name', 'password'],
    ]);
    for (const value of Object.values(bad)) expect(JSON.stringify(refused)).not.toContain(value);
    expect(await registrations()).toEqual([]);
  });

  it('passes on what is no fault of the fields', async () => {
    const passwords = {
      ...deps.passwords,
      accept: () => {
        throw new Error('broken');
      },
    };
    const failed = register({ ...deps, passwords }, { email, name: 'Ada', password: PASSWORD }, caller());
    await expect(failed).rejects.toThrow('broken');
  });

  it('R-06 does the same work over the limit for mails, and marks the registration silent', async () => {
    const limits = { ...deps.limits, allowMail: async () => false };
    await register({ ...deps, limits }, { email, name: 'Ada', password: PASSWORD }, caller());
    expect((await registrations()).map(({ mail }) => mail)).toEqual([false]);
    expect(deps.eventLog.events.at(-1)?.type).toBe('RegistrationRequested');
  });
});

describe('sendAgain', () => {
  const wishes = async () =>
    (
      await deps.vault.query<{ expires_at: Date }>('select * from mail_request where address_mac = $1', [
        macOf(deps, email),
      ])
    ).rows;

  it('E-01 writes one wish and one event for every address, and nothing of the address into the log', async () => {
    const start = deps.eventLog.events.length;
    await sendAgain(deps, { email }, caller());
    const [event] = deps.eventLog.events.slice(start);
    expect(event).toMatchObject({ type: 'MailRequested', data: { purpose: 'confirm-registration' } });
    expect(event?.metadata).not.toHaveProperty('source');
    const [wish] = await wishes();
    expect(wish?.expires_at.getTime()).toBe(deps.clock.now().getTime() + 3_600_000);
  });

  it('R-06 writes a wish that is over already when there were too many', async () => {
    await sendAgain({ ...deps, limits: { ...deps.limits, allowMail: async () => false } }, { email }, caller());
    expect((await wishes())[0]?.expires_at).toEqual(deps.clock.now());
  });

  it('refuses what is no address', async () => {
    await expect(sendAgain(deps, { email: 'no address' }, caller())).rejects.toMatchObject({
      slug: 'validation-failed',
    });
  });
});

describe('what login looks up', () => {
  it('E-02 is a decoy for an unknown address: somebody else’s stream, the same each time', async () => {
    const mac = addressMac(deps.addressKey, 'nobody@example.org');
    const first = await findLoginStream(deps.vault, mac, deps.clock.now());
    expect(first.kind).toBe('decoy');
    expect(await findLoginStream(deps.vault, mac, deps.clock.now())).toEqual(first);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        findLoginStream(deps.vault, macOf(deps, `n${index}@x.org`), deps.clock.now()),
      ),
    );
    const streams = new Set(deps.eventLog.events.map(({ stream }) => stream));
    expect(all.some((target) => target.kind === 'decoy' && streams.has(userStream(target.userId)))).toBe(true);
  });

  it('is no registration that has expired', async () => {
    await registering();
    deps.clock.advance(86_400_001);
    expect((await findLoginStream(deps.vault, macOf(deps, email), deps.clock.now())).kind).toBe('decoy');
  });
});
