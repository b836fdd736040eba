import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { suspensionOf } from '../../test/testAdministration.js';
import {
  addressMacOf,
  Crashed,
  confirmCallerAs,
  confirmedUser,
  PASSWORD,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import {
  addressStates,
  confirmChange,
  newEmailChange,
  reconcile,
  requestChange,
  type TestEmailChange,
  undoChange,
} from '../../test/testEmailChanges.js';
import { takeAddressClaims } from '../account/addressClaim.js';
import { reinstateUser, suspendUser } from '../administration/changeSuspension.js';
import { eraseUser } from '../profile/eraseUser.js';
import { sweep } from '../reconciler/sweep.js';
import { findAccount } from '../session/loginStream.js';
import { finishAddressClaim } from './finishAddressClaim.js';

let deps: TestCommands;
let userId: string;
let before: string;
let after: string;
let change: TestEmailChange;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(async () => {
  ({ userId, before, after, change } = await newEmailChange(deps));
});
afterAll(() => deps.close());

/** Confirms the change, and crashes once the new address is claimed. */
const crash = async () => {
  deps.crashAfter('address-claimed');
  await expect(confirmChange(deps, change)).rejects.toBeInstanceOf(Crashed);
};
const states = () => addressStates(deps, userId, [before, after]);

/** Makes the claim of the new address older. @returns when it was made then */
const ageClaim = async (seconds: number): Promise<Date | undefined> => {
  const aged = "update address set claimed_at = now() - $1 * interval '1 s' where mac = $2 returning claimed_at";
  const { rows } = await deps.vault.query<{ claimed_at: Date }>(aged, [seconds, addressMacOf(deps, after)]);
  return rows[0]?.claimed_at;
};

describe('a claimed address', () => {
  const suspend = () => suspendUser(deps, suspensionOf(userId, userId), requestOrigin());

  it.each([
    ['another request replaced the change', () => requestChange(deps, userId, `other-${after}`)],
    ['the change was undone', () => undoChange(deps, change)],
    ['the user was suspended', suspend],
  ])('F-06 is released, and free for others, when %s before the change was completed', async (_, interrupt) => {
    await crash();
    await interrupt();
    await reconcile(deps);
    expect(await states()).toEqual([`current ${before}`]);
    const rival = await confirmedUser(deps, after);
    expect(await findAccount(deps.vault, addressMacOf(deps, after))).toEqual({ kind: 'found', id: rival });
  });

  it('F-06 is left to its confirmation in progress: the history names the user as actor, and the source', async () => {
    deps.eventLog.beforeAppend(() => sweep(deps));
    await confirmChange(deps, change);
    const changed = (await deps.eventLog.readStream(userStream(userId))).find(({ type }) => type === 'EmailChanged');
    expect(changed?.metadata).toMatchObject({ actor: { kind: 'user', id: userId }, source: expect.any(String) });
    expect(await states()).toEqual([`current ${after}`, `held ${before}`]);
  });

  it('F-06 is taken over by a sweep once it was claimed half a minute ago', async () => {
    // Before the sweep, a slow machine can let the claim grow older than it is said to be: then another one is looked at.
    for (let isYoung = false; !isYoung; ) {
      ({ userId, before, after, change } = await newEmailChange(deps));
      await crash();
      const claimedAt = await ageClaim(29);
      await sweep(deps);
      const young = "select $1::timestamptz > now() - interval '30 s' as young";
      isYoung = (await deps.vault.query<{ young: boolean }>(young, [claimedAt])).rows[0]?.young === true;
    }
    expect(await states()).toEqual([`claimed ${after}`, `current ${before}`]);
    await ageClaim(31);
    await sweep(deps);
    expect(await states()).toEqual([`current ${after}`, `held ${before}`]);
  });

  it('F-06 is claimed again by a repeat once the suspension has ended', async () => {
    await crash();
    await suspend();
    await reconcile(deps);
    await reinstateUser(deps, suspensionOf(userId, userId), requestOrigin());
    await confirmChange(deps, change);
    expect(await states()).toEqual([`current ${after}`, `held ${before}`]);
  });

  it('F-06 is not released once a confirmation has claimed it again', async () => {
    await crash();
    await suspend();
    const [claim] = await takeAddressClaims(deps.vault, { limit: 1, claimAgeMs: 0 });
    if (claim === undefined) throw new Error('no claim was taken over');
    await deps.vault.query('update address set claim = gen_random_uuid() where mac = $1', [claim.mac]);
    await finishAddressClaim(deps, claim, 'keeper');
    expect(await states()).toEqual([`claimed ${after}`, `current ${before}`]);
    await reconcile(deps);
    expect(await states()).toEqual([`current ${before}`]);
  });

  it('F-06 is not released while the vault has not settled the user', async () => {
    await crash();
    deps.crashAfter('facts-appended');
    await expect(suspend()).rejects.toBeInstanceOf(Crashed);
    await sweep(deps, { claimAgeMs: 0 });
    expect(await states()).toEqual([`claimed ${after}`, `current ${before}`]);
    await reconcile(deps);
    expect(await states()).toEqual([`current ${before}`]);
  });

  it('F-06 is held again when it was the previous address of a change that is in force', async () => {
    await confirmChange(deps, change);
    const back = await requestChange(deps, userId, before);
    deps.crashAfter('address-claimed');
    await expect(confirmChange(deps, back)).rejects.toBeInstanceOf(Crashed);
    expect(await states()).toEqual([`claimed ${before}`, `current ${after}`]);
    await requestChange(deps, userId, `other-${after}`);
    await reconcile(deps);
    expect(await states()).toEqual([`current ${after}`, `held ${before}`]);
  });

  it('G-01 is deleted when the user is erased', async () => {
    await crash();
    const rows = async () => (await deps.vault.query('select 1 from email_change where user_id = $1', [userId])).rows;
    expect(await rows()).toHaveLength(1);
    await eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
    expect([await states(), await rows()]).toEqual([[], []]);
    await reconcile(deps);
    expect(await states()).toEqual([]);
  });

  it('F-06 is left to the next sweep while the log does not answer', async () => {
    await crash();
    deps.eventLog.refuse();
    const [claim] = await takeAddressClaims(deps.vault, { limit: 1, claimAgeMs: 0 });
    if (claim === undefined) throw new Error('no claim was taken over');
    await expect(finishAddressClaim(deps, claim, 'keeper')).rejects.toMatchObject({ name: 'LogUnavailable' });
    await reconcile(deps);
    expect(await states()).toEqual([`current ${after}`, `held ${before}`]);
  });
});
