import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalAddress } from '@ums/contracts/address';
import { userStream } from '@ums/contracts/streams';
import {
  addressMacOf,
  confirmedUser,
  noLimits,
  PASSWORD,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { findAccount, findWaiting } from '../session/loginStream.js';
import { loadRegistration } from './loadRegistration.js';
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

const registering = (change: Partial<{ email: string; name: string; password: string }> = {}) =>
  register(deps, { email, name: 'Ada Lovelace', password: PASSWORD, ...change }, requestOrigin());
const registrations = async (address = email) =>
  (
    await deps.vault.query<{ id: string; mail: boolean }>(
      'select id, mail from registration where address_mac = $1 order by requested_at',
      [addressMacOf(deps, address)],
    )
  ).rows;

describe('register', () => {
  it('E-03 does the same for a taken address as for a free one, and appends nothing to the user’s stream', async () => {
    const userId = await confirmedUser(deps, email);
    const before = await deps.eventLog.readStream(userStream(userId));
    const start = deps.eventLog.events.length;
    await registering({ password: 'another person chose this' });
    expect(deps.eventLog.events.slice(start).map(({ type }) => type)).toEqual(['RegistrationRequested.v2']);
    expect(await deps.eventLog.readStream(userStream(userId))).toEqual(before);
    expect(await findAccount(deps.vault, addressMacOf(deps, email))).toEqual({
      kind: 'found',
      id: userId,
    });
  });

  it('keeps several registrations of one address, also parallel ones; login finds the newest', async () => {
    await Promise.all(Array.from({ length: 5 }, () => registering()));
    await registering({ name: 'The Newest' });
    const waiting = await registrations();
    expect(waiting).toHaveLength(6);
    const target = await findWaiting(deps.vault, addressMacOf(deps, email), deps.clock.now());
    expect(target).toEqual({ kind: 'found', id: waiting.at(-1)?.id, hasAccount: false });
  });

  it('E-08 stores and looks up the canonical form of the address', async () => {
    await registering({ email: email.toUpperCase() });
    const [row] = await registrations(String(canonicalAddress(email)));
    const { facts } = await loadRegistration(deps, String(row?.id));
    expect(facts[0]?.data).toMatchObject({ email });
  });

  it('I-02 names all faulty fields, and none of their values', async () => {
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

  it('rethrows an error that is not a validation error', async () => {
    const passwords = {
      ...deps.passwords,
      validate: () => {
        throw new Error('broken');
      },
    };
    const failed = register({ ...deps, passwords }, { email, name: 'Ada', password: PASSWORD }, requestOrigin());
    await expect(failed).rejects.toThrow('broken');
  });

  it('R-06 does the same work over the mail limit, and stores the registration without a mail', async () => {
    const limits = noLimits(deps.vault, deps.clock, { mailsPerAddress: 0 });
    await register({ ...deps, limits }, { email, name: 'Ada', password: PASSWORD }, requestOrigin());
    expect((await registrations()).map(({ mail }) => mail)).toEqual([false]);
    expect(deps.eventLog.events.at(-1)?.type).toBe('RegistrationRequested.v2');
  });
});
