import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { causedBy } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { stopMonotonicClock } from '../../../infra/kit/test/stopMonotonicClock.js';
import {
  grantRole,
  reinstate,
  suspend,
  suspensionOf,
  type TestAdministration,
  testAdministration,
} from '../../test/testAdministration.js';
import {
  accountOfUser,
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  requestOrigin,
  stateOf,
} from '../../test/testCommands.js';
import { changeUser } from '../change/changeUser.js';
import { eraseUser } from '../profile/eraseUser.js';
import { decide } from '../user/decide.js';
import { withAdministratorLock } from './administratorLock.js';
import { appointAdministrator } from './appointAdministrator.js';
import { suspendUser } from './changeSuspension.js';

const ROUNDS = faultRounds({ usual: 1, full: 100 });

let administration: TestAdministration;
beforeEach(async () => {
  administration = await testAdministration();
});
afterEach(() => {
  jest.restoreAllMocks();
  return administration.close();
});

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });

describe('the last administrator', () => {
  it('cannot suspend their own account', async () => {
    const { deps, ada } = administration;
    await appointAdministrator(deps, 'ada@example.org');
    await expect(suspend(deps, ada, ada)).rejects.toEqual(refusal('last-administrator'));
    expect(await stateOf(deps, ada)).toMatchObject({ status: 'active' });
  });

  it('remains when two administrators suspend each other concurrently', async () => {
    const { deps, ada, bob } = administration;
    // Neither gives up waiting for the lock.
    stopMonotonicClock();
    await appointAdministrator(deps, 'ada@example.org');
    await grantRole(deps, bob, 'admin');
    for (let round = 0; round < 5 * ROUNDS; round++) {
      const results = await Promise.allSettled([suspend(deps, ada, bob), suspend(deps, bob, ada)]);
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused.map(({ reason }) => reason)).toEqual([refusal('last-administrator')]);
      const states = [await stateOf(deps, ada), await stateOf(deps, bob)];
      const suspended = states[0]?.status === 'suspended' ? ada : bob;
      expect(states.map(({ status }) => status).sort()).toEqual(['active', 'suspended']);
      await reinstate(deps, suspended === ada ? bob : ada, suspended);
    }
  });

  it('can erase their account, after which another first administrator can be appointed', async () => {
    const { deps, ada, bob } = administration;
    await appointAdministrator(deps, 'ada@example.org');
    await eraseUser(deps, { userId: ada, password: PASSWORD, confirmCaller: confirmCallerAs(ada) }, requestOrigin());
    await expect(appointAdministrator(deps, 'bob@example.org')).resolves.toMatchObject({ userId: bob });
  });
});

describe('an administrator who waits for the lock', () => {
  it('T-08 is refused after being suspended during the wait', async () => {
    const { deps, ada, bob } = administration;
    const eve = await confirmedUser(deps, 'eve@example.org');
    for (const userId of [ada, bob, eve]) await grantRole(deps, userId, 'admin');
    stopMonotonicClock();
    let waiting: Promise<unknown> | undefined;
    await withAdministratorLock(deps, async () => {
      const unlessSuspended = async () => {
        if ((await accountOfUser(deps, bob))?.status !== 'active') throw new Refused('unauthenticated');
        return liveCallerOf(bob);
      };
      const suspension = { ...suspensionOf(bob, eve), confirmCaller: unlessSuspended };
      waiting = suspendUser(deps, suspension, requestOrigin()).catch((error: unknown) => error);
      await changeUser(deps, {
        ...{ userId: bob, cause: causedBy(requestOrigin(), { kind: 'admin', id: ada }) },
        decide: (user) => decide({ type: 'SuspendUser' }, user),
      });
    });
    expect(await waiting).toEqual(refusal('unauthenticated'));
    expect(await accountOfUser(deps, eve)).toMatchObject({ status: 'active' });
  });
});
