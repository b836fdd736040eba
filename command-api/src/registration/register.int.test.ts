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

  it('R-06 keeps the ten newest registrations of an address that get no mail, and all that are mailed or claimed', async () => {
    await registering();
    const mac = addressMacOf(deps, email);
    const [claimed] = (
      await deps.vault.query<{ id: string }>(
        `with silent as (
           insert into registration (id, address_mac, requested_at, expires_at, mail)
           select gen_random_uuid(), $1, now() - n * interval '1 s', now() + interval '1 day', false
           from generate_series(1, 60) as n returning id, requested_at),
         keys as (insert into data_key (subject, wrapped, master_key_id) select id, '\\x00', 'none' from silent)
         select id from silent order by requested_at limit 1`,
        [mac],
      )
    ).rows;
    await deps.vault.query(
      `insert into account (user_id, registration_id, status) values (gen_random_uuid(), $1, 'registering')`,
      [claimed?.id],
    );
    const limits = noLimits(deps.vault, deps.clock, { mailsPerAddress: 0 });
    for (let count = 0; count < 2; count += 1)
      await register({ ...deps, limits }, { email, name: 'Ada', password: PASSWORD }, requestOrigin());
    const kept = await registrations();
    expect(kept.map(({ id }) => id)).toContain(claimed?.id);
    // The limit is enforced before the newest is stored, or after.
    expect([11, 12]).toContain(kept.filter(({ mail }) => !mail).length);
    expect(kept.filter(({ mail }) => mail)).toHaveLength(1);
    const { rows } = await deps.vault.query('select from data_key where subject = any($1::uuid[])', [
      kept.map(({ id }) => id),
    ]);
    expect(rows).toHaveLength(kept.length);
    const { rows: others } = await deps.vault.query(`select from data_key where master_key_id = 'none'`);
    expect(others.length).toBeLessThanOrEqual(11);
    await deps.vault.query('delete from account where registration_id = $1', [claimed?.id]);
  });

  it('R-06 does the same work over the mail limit, and stores the registration without a mail', async () => {
    const limits = noLimits(deps.vault, deps.clock, { mailsPerAddress: 0 });
    await register({ ...deps, limits }, { email, name: 'Ada', password: PASSWORD }, requestOrigin());
    expect((await registrations()).map(({ mail }) => mail)).toEqual([false]);
    expect(deps.eventLog.events.at(-1)?.type).toBe('RegistrationRequested.v2');
  });
});
