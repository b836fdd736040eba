import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { registrationStream, userStream } from '@ums/contracts/streams';
import {
  accountOfUser,
  Crashed,
  newestRegistration,
  PASSWORD,
  registrationToken,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { confirm } from '../registration/confirm.js';
import { userIdOf } from '../user/derivedIds.js';
import { sweep } from './sweep.js';

let deps: TestCommands;
beforeEach(async () => {
  deps = await testCommands();
});
afterEach(() => deps.close());

const confirming = (token: string) => confirm(deps, { token, password: PASSWORD }, requestOrigin());
/** @returns the new time of the claims */
const ageClaims = async (seconds: number): Promise<Date | undefined> => {
  const aged = "update account set claimed_at = now() - $1 * interval '1 s' returning claimed_at";
  return (await deps.vault.query<{ claimed_at: Date }>(aged, [seconds])).rows[0]?.claimed_at;
};

/** Claims the registration of an address, then crashes. @returns the token, and the id of the registration. */
const crashAfterClaim = async (email: string): Promise<{ token: string; id: string }> => {
  const token = await registrationToken(deps, email);
  deps.crashAfter('registration-claimed');
  await expect(confirming(token)).rejects.toBeInstanceOf(Crashed);
  return { token, id: await newestRegistration(deps, email) };
};
const statusOf = async (id: string) => (await accountOfUser(deps, userIdOf(id))).status;

describe('the sweep of claimed registrations', () => {
  it('F-06 leaves a confirmation in progress alone: the history names the user as actor, and the source', async () => {
    const token = await registrationToken(deps, 'ada@example.org');
    const id = await newestRegistration(deps, 'ada@example.org');
    deps.eventLog.beforeAppend(() => sweep(deps));
    const { userId } = await confirming(token);
    const [registered] = await deps.eventLog.readStream(userStream(userId));
    const [, completed] = await deps.eventLog.readStream(registrationStream(id));
    const actor = { kind: 'user', id: userId };
    expect(registered?.metadata).toMatchObject({ actor, source: expect.any(String) });
    expect(completed?.metadata).toMatchObject({ actor });
  });

  it('F-06 completes a registration that was claimed half a minute ago', async () => {
    let id = '';
    // Before the sweep, a slow machine can let a claim grow older than it is said to be: then another one is looked at.
    for (let count = 1, isYoung = false; !isYoung; count += 1) {
      ({ id } = await crashAfterClaim(`ada${count}@example.org`));
      const claimedAt = await ageClaims(29);
      await sweep(deps);
      const young = "select $1::timestamptz > now() - interval '30 s' as young";
      isYoung = (await deps.vault.query<{ young: boolean }>(young, [claimedAt])).rows[0]?.young === true;
    }
    expect(await statusOf(id)).toBe('registering');
    await ageClaims(31);
    await sweep(deps);
    expect(await statusOf(id)).toBe('active');
  });

  it('F-06 leaves the registration to a repeat of the confirmation, which renews the claim', async () => {
    const { token, id } = await crashAfterClaim('ada@example.org');
    await ageClaims(60);
    deps.eventLog.beforeAppend(() => sweep(deps));
    await confirming(token);
    const [registered] = await deps.eventLog.readStream(userStream(userIdOf(id)));
    expect(registered?.metadata).toMatchObject({ actor: { kind: 'user', id: userIdOf(id) } });
  });

  it('F-06 reaches every registration, although a hundred older ones fail', async () => {
    // No event was appended for these registrations, so that no sweep can complete them.
    await deps.vault.query(
      `with failing as (select gen_random_uuid() as id from generate_series(1, 100)),
         kept as (insert into registration (id, address_mac, expires_at)
                  select id, sha256(id::text::bytea), now() + interval '1 day' from failing)
       insert into account (user_id, registration_id, status, claimed_at)
       select gen_random_uuid(), id, 'registering', now() - interval '1 hour' from failing`,
    );
    const { id } = await crashAfterClaim('ada@example.org');
    await deps.vault.query(`update account set claimed_at = now() - interval '31 s' where registration_id = $1`, [id]);
    await sweep(deps);
    expect(await statusOf(id)).toBe('registering');
    await sweep(deps);
    expect(await statusOf(id)).toBe('active');
  });
});
