import { KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { erasureNoticePlace } from '@ums/contracts/erasureNotice';
import { openWith } from '@ums/kit/sealing/sealing';
import {
  addressMacOf,
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  requestOrigin,
  type TestCommands,
} from '../../test/testCommands.js';
import { confirmChange, requestChange, undoChange } from '../../test/testEmailChanges.js';
import { type TestReconcilers, testReconcilers } from '../../test/testReconcilers.js';
import { appointAdministrator } from '../administration/appointAdministrator.js';
import { accountNameOf } from '../limits/buckets.js';
import { eraseUser } from '../profile/eraseUser.js';
import { updateUser } from '../profile/updateUser.js';

const [ADA, KING] = ['ada@example.org', 'king@example.org'];

let reconcilers: TestReconcilers;
let deps: TestCommands;
let userId: string;
beforeEach(async () => {
  reconcilers = await testReconcilers();
  deps = reconcilers.deps;
  userId = await confirmedUser(deps, ADA);
});
afterEach(() => reconcilers.close());

const erase = (using = deps, password = PASSWORD) =>
  eraseUser(using, { userId, password, confirmCaller: confirmCallerAs(userId) }, requestOrigin());

/** The address that the erasure notice goes to. */
const noticeAddress = async () => {
  const { rows } = await deps.vault.query<{ id: string; address: string }>('select id, address from farewell');
  const [{ id, address } = { id: '', address: '' }] = rows;
  const key = (await deps.keys.fresh([id])).get(id);
  return key instanceof KeyObject ? openWith(key, erasureNoticePlace(id), address) : undefined;
};

describe('the current address', () => {
  it('E-05 gets the erasure notice: the new one after a confirmation', async () => {
    await confirmChange(deps, await requestChange(deps, userId, KING));
    await erase();
    expect(await noticeAddress()).toBe(KING);
  });

  it('E-05 gets the erasure notice: the old one while a change is not confirmed, and after it was undone', async () => {
    const change = await requestChange(deps, userId, KING);
    await confirmChange(deps, change);
    await undoChange(deps, change);
    await requestChange(deps, userId, KING);
    await erase();
    expect(await noticeAddress()).toBe(ADA);
  });

  it('E-05 R-02 is the one that wrong passwords count for', async () => {
    await confirmChange(deps, await requestChange(deps, userId, KING));
    const counted: string[] = [];
    const attemptThen: TestCommands['limits']['attemptThen'] = (attempted, ...checks) => {
      counted.push(attempted.account);
      return deps.limits.attemptThen(attempted, ...checks);
    };
    const limited = { ...deps, limits: { ...deps.limits, attemptThen } };
    const wrong = 'not the right password';
    await expect(erase(limited, wrong)).rejects.toMatchObject({ slug: 'password-invalid' });
    const emailChange = { email: 'byron@example.org', password: wrong, confirmCaller: confirmCallerAs(userId) };
    const requesting = updateUser(limited, { caller: liveCallerOf(userId), emailChange }, requestOrigin());
    await expect(requesting).rejects.toMatchObject({ slug: 'password-invalid' });
    expect(counted).toEqual(Array(2).fill(accountNameOf(addressMacOf(deps, KING))));
  });

  it('E-05 names the first administrator', async () => {
    await reconcilers.start();
    await confirmChange(deps, await requestChange(deps, userId, KING));
    await expect(appointAdministrator(deps, ADA)).rejects.toMatchObject({ slug: 'not-found' });
    expect(await appointAdministrator(deps, KING)).toMatchObject({ userId });
  });
});
