import type { KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Role } from '@ums/contracts/roles';
import { userStream } from '@ums/contracts/streams';
import { Refused } from '@ums/kit/refused';
import { openWith } from '@ums/kit/sealing/sealing';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { stopMonotonicClock } from '../../../infra/kit/test/stopMonotonicClock.js';
import { grantRole, suspend, type TestAdministration, testAdministration } from '../../test/testAdministration.js';
import {
  accountOfUser,
  Crashed,
  confirmCallerAs,
  liveCallerOf,
  PASSWORD,
  requestOrigin,
  stateOf,
} from '../../test/testCommands.js';
import { createCredentialLimits } from '../limits/credentialLimits.js';
import { type RoleReplacement, replaceRoles } from './replaceRoles.js';

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
/** Ada, an administrator, replaces the roles of a user. */
const replace = (userId: string, roles: Role[], change: Partial<RoleReplacement> = {}) => {
  const { deps, ada } = administration;
  const replacement = { userId, roles, reason: 'Joins the audit', confirmCaller: confirmCallerAs(ada) };
  return replaceRoles(deps, { ...replacement, ...change }, requestOrigin());
};
const eventsOf = (userId: string) => administration.deps.eventLog.readStream(userStream(userId));

describe('replaceRoles', () => {
  it('T-08 revokes the access tokens of the user, keeps their sessions, and settles the new roles at once', async () => {
    const { deps, bob } = administration;
    const changed = await replace(bob, ['auditor', 'service'], { password: PASSWORD });
    expect(changed).toMatchObject({ revision: 3n, state: { roles: ['auditor', 'service'], epoch: 3n } });
    expect(await accountOfUser(deps, bob)).toMatchObject({
      ...{ roles: ['auditor', 'service'], revision: '3', epoch: '3', sessions_from: '0' },
    });
    const { rows } = await deps.vault.query('select epoch from revocation where user_id = $1', [bob]);
    expect(rows).toEqual([{ epoch: '3' }]);
  });

  it('records the administrator, and the reason sealed for the user, with each event', async () => {
    const { deps, ada, bob } = administration;
    await replace(bob, ['service']);
    const events = (await eventsOf(bob)).slice(1);
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['RoleRevoked', { role: 'user' }],
      ['RoleGranted', { role: 'service' }],
    ]);
    const key = (await deps.keys.fetch([bob])).get(bob) as KeyObject;
    for (const { id: eventId, type: storedType, metadata } of events) {
      const { actor, reason } = metadata as { actor: unknown; reason: string };
      expect(actor).toEqual({ kind: 'admin', id: ada });
      expect(openWith(key, { subject: bob, storedType, eventId, field: 'metadata.reason' }, reason)).toBe(
        'Joins the audit',
      );
    }
  });

  it('appends nothing if the user holds exactly these roles, in whatever order they are named', async () => {
    const { bob } = administration;
    await replace(bob, ['service', 'user']);
    expect(await replace(bob, ['user', 'service'])).toMatchObject({ revision: 1n });
    expect(await eventsOf(bob)).toHaveLength(2);
  });

  it('T-11 R-02 requires the password to grant admin or auditor, and counts wrong ones', async () => {
    const { deps, bob } = administration;
    const settings = {
      ...{ failuresPerAccountAndSource: 2, failuresPerAccount: 100, failuresPerSource: 100 },
      ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 12, mailsPerSource: 60 },
    };
    deps.limits = createCredentialLimits({ ...deps, settings });
    await expect(replace(bob, ['admin'])).rejects.toMatchObject({
      ...{ slug: 'validation-failed', details: { errors: [{ field: 'password' }] } },
    });
    const guess = () => replace(bob, ['admin'], { password: 'not the password of Ada' });
    for (let attempt = 0; attempt < 2; attempt += 1) await expect(guess()).rejects.toEqual(refusal('password-invalid'));
    await expect(replace(bob, ['admin'], { password: PASSWORD })).rejects.toEqual(refusal('too-many-attempts'));
    expect(await stateOf(deps, bob)).toMatchObject({ roles: ['user'] });
  });

  it('F-01 answers a repeat under the same key from the stored events, and refuses another request under it', async () => {
    const { deps, bob } = administration;
    const keyed = { idempotencyKey: 'key 1', password: PASSWORD };
    const first = await replace(bob, ['user', 'auditor'], keyed);
    await replace(bob, ['user']);
    const again = await replace(bob, ['auditor', 'user'], { ...keyed, ifMatch: 0n });
    expect([again.revision, again.state]).toEqual([first.revision, first.state]);
    await expect(replace(bob, ['user', 'admin'], keyed)).rejects.toEqual(refusal('idempotency-key-reused'));
    expect(await stateOf(deps, bob)).toMatchObject({ roles: ['user'] });
    expect(await eventsOf(bob)).toHaveLength(3);
  });

  it('F-01 applies a request once when the process died after the append and the client repeats it', async () => {
    const { deps, bob } = administration;
    await administration.reconciler.close();
    deps.crashAfter('facts-appended');
    const keyed = { idempotencyKey: 'key 1' };
    await expect(replace(bob, ['service'], keyed)).rejects.toBeInstanceOf(Crashed);
    await expect(replace(bob, ['service'], keyed)).resolves.toMatchObject({ revision: 2n });
    expect(await accountOfUser(deps, bob)).toMatchObject({ roles: ['service'] });
    expect(await eventsOf(bob)).toHaveLength(3);
  });

  it('F-05 refuses a stale If-Match, and answers not-found for an id that was never registered', async () => {
    const { bob } = administration;
    await expect(replace(bob, ['service'], { ifMatch: 7n })).rejects.toEqual(refusal('stale-revision'));
    const unknown = '0199c0de-0000-4000-8000-00000000dead';
    await expect(replace(unknown, ['service'])).rejects.toEqual(refusal('not-found'));
  });

  it('grants no role to a suspended user', async () => {
    const { deps, ada, bob } = administration;
    await suspend(deps, ada, bob);
    await expect(replace(bob, ['user', 'service'])).rejects.toEqual(refusal('account-suspended'));
  });

  it('T-08 is refused if the session ended while the password was verified', async () => {
    const { deps, ada, bob } = administration;
    let calls = 0;
    const confirmCaller = async () => {
      calls += 1;
      if (calls > 1) throw new Refused('unauthenticated');
      return liveCallerOf(ada);
    };
    const granting = replace(bob, ['admin'], { password: PASSWORD, confirmCaller });
    await expect(granting).rejects.toEqual(refusal('unauthenticated'));
    expect(await stateOf(deps, bob)).toMatchObject({ roles: ['user'] });
  });
});

describe('the last administrator', () => {
  it('cannot lose the role, but may change other roles of theirs', async () => {
    const { deps, ada } = administration;
    await grantRole(deps, ada, 'admin');
    await expect(replace(ada, ['user'])).rejects.toEqual(refusal('last-administrator'));
    await replace(ada, ['admin', 'service']);
    expect(await stateOf(deps, ada)).toMatchObject({ roles: ['admin', 'service'] });
  });

  it('remains when two administrators revoke the role of each other concurrently', async () => {
    const { deps, ada, bob } = administration;
    for (const userId of [ada, bob]) await grantRole(deps, userId, 'admin');
    // Neither gives up waiting for the lock.
    stopMonotonicClock();
    const revoke = (administrator: string, userId: string) =>
      replace(userId, ['user'], { confirmCaller: confirmCallerAs(administrator) });
    for (let round = 0; round < 5 * ROUNDS; round++) {
      const results = await Promise.allSettled([revoke(ada, bob), revoke(bob, ada)]);
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused.map(({ reason }) => reason)).toEqual([refusal('last-administrator')]);
      const states = await Promise.all([ada, bob].map((userId) => accountOfUser(deps, userId)));
      expect(states.filter(({ roles }) => roles.includes('admin'))).toHaveLength(1);
      const revoked = states[0].roles.includes('admin') ? bob : ada;
      await grantRole(deps, revoked, 'admin');
    }
  });

  it('remains when one administrator is suspended and the other loses the role concurrently', async () => {
    const { deps, ada, bob } = administration;
    for (const userId of [ada, bob]) await grantRole(deps, userId, 'admin');
    const results = await Promise.allSettled([suspend(deps, bob, ada), replace(bob, ['user'])]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
