import type { KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { Refused } from '@ums/kit/refused';
import { openWith } from '@ums/kit/sealing/sealing';
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
import { type EraseByAdministratorInput, eraseByAdministrator } from './eraseByAdministrator.js';

let administration: TestAdministration;
beforeEach(async () => {
  administration = await testAdministration();
});
afterEach(() => administration.close());

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
/** Ada, an administrator, erases a user. */
const erase = (userId: string, change: Partial<EraseByAdministratorInput> = {}) => {
  const { deps, ada } = administration;
  const erasure = { userId, reason: 'Asked by letter', password: PASSWORD, confirmCaller: confirmCallerAs(ada) };
  return eraseByAdministrator(deps, { ...erasure, ...change }, requestOrigin());
};
const eventsOf = (userId: string) => administration.deps.eventLog.readStream(userStream(userId));

describe('eraseByAdministrator', () => {
  it('G-01 erases an active user and a suspended one, and is a no-op for an erased one', async () => {
    const { deps, ada, bob } = administration;
    await suspend(deps, ada, bob);
    const erased = await erase(bob);
    expect(erased).toMatchObject({ revision: 2n, state: { status: 'erased' } });
    expect(await accountOfUser(deps, bob)).toMatchObject({ status: 'erased', roles: [] });
    expect((await deps.keys.fresh([bob])).get(bob)).toEqual({ erased: true });
    const again = await erase(bob, { ifMatch: 1n });
    expect(again.state.status).toBe('erased');
    const types = (await eventsOf(bob)).map(({ type }) => type);
    expect(types.filter((type) => type === 'UserErasureStarted')).toHaveLength(1);
  });

  it.each([
    ['is missing', 'delete from data_key where subject = $1'],
    ['is damaged', `update data_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where subject = $1`],
    ['was given up', 'update data_key set wrapped = null, master_key_id = null, erased_at = now() where subject = $1'],
  ])('G-01 erases a user whose data key %s, without a reason', async (_, lose) => {
    const { deps, bob } = administration;
    await deps.vault.query(lose, [bob]);
    deps.keys.evict(bob);
    const erased = await erase(bob);
    expect(erased.state.status).toBe('erased');
    expect(await accountOfUser(deps, bob)).toMatchObject({ status: 'erased', roles: [] });
    expect((await deps.keys.fresh([bob])).get(bob)).toEqual({ erased: true });
    const event = (await eventsOf(bob)).find(({ type }) => type === 'UserErasureStarted');
    expect(event?.metadata).not.toHaveProperty('reason');
    expect((await erase(bob)).receipt).toBe(erased.receipt);
  });

  it('records the administrator and the source; the reason is sealed for the erased user, so that it cannot be read', async () => {
    const { deps, ada, bob } = administration;
    const bobsKey = (await deps.keys.fetch([bob])).get(bob) as KeyObject;
    await erase(bob);
    const event = (await eventsOf(bob)).find(({ type }) => type === 'UserErasureStarted');
    const metadata = event?.metadata as { actor: unknown; reason: string; source: string };
    expect(metadata.actor).toEqual({ kind: 'admin', id: ada });
    const place = { storedType: 'UserErasureStarted', eventId: String(event?.id) };
    const adasKey = (await deps.keys.fetch([ada])).get(ada) as KeyObject;
    const source = openWith(adasKey, { ...place, subject: ada, field: 'metadata.source' }, metadata.source);
    expect(JSON.parse(source)).toEqual({ ip: '192.0.2.7', userAgent: 'curl/8' });
    const reason = openWith(bobsKey, { ...place, subject: bob, field: 'metadata.reason' }, metadata.reason);
    expect(reason).toBe('Asked by letter');
    expect((await deps.keys.fresh([bob])).get(bob)).toEqual({ erased: true });
  });

  it('R-02 requires the password of the administrator, and counts wrong ones', async () => {
    const { deps, bob } = administration;
    const settings = {
      ...{ failuresPerAccountAndSource: 2, failuresPerAccount: 100, failuresPerSource: 100 },
      ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 12, mailsPerSource: 60 },
    };
    deps.limits = createCredentialLimits({ ...deps, settings });
    const guess = () => erase(bob, { password: 'not the password of Ada' });
    for (let attempt = 0; attempt < 2; attempt += 1) await expect(guess()).rejects.toEqual(refusal('password-invalid'));
    await expect(erase(bob)).rejects.toEqual(refusal('too-many-attempts'));
    expect(await stateOf(deps, bob)).toMatchObject({ status: 'active' });
  });

  it('does not erase the last administrator, but another one', async () => {
    const { deps, ada, bob } = administration;
    await grantRole(deps, ada, 'admin');
    await expect(erase(ada)).rejects.toEqual(refusal('last-administrator'));
    expect(await stateOf(deps, ada)).toMatchObject({ status: 'active' });
    await grantRole(deps, bob, 'admin');
    await expect(erase(bob)).resolves.toMatchObject({ state: { status: 'erased' } });
  });

  it('F-05 refuses a stale If-Match, and answers not-found for an id that was never registered', async () => {
    const { bob } = administration;
    await expect(erase(bob, { ifMatch: 7n })).rejects.toEqual(refusal('stale-revision'));
    await expect(erase('0199c0de-0000-4000-8000-00000000dead')).rejects.toEqual(refusal('not-found'));
  });

  it('is finished by a repeat with the same If-Match when the process died after the append', async () => {
    const { deps, bob } = administration;
    await administration.reconciler.close();
    deps.crashAfter('facts-appended');
    await expect(erase(bob, { ifMatch: 0n })).rejects.toBeInstanceOf(Crashed);
    await erase(bob, { ifMatch: 0n });
    expect(await accountOfUser(deps, bob)).toMatchObject({ status: 'erased' });
  });

  it('T-08 is refused if the session ended while the password was verified', async () => {
    const { deps, ada, bob } = administration;
    let calls = 0;
    const confirmCaller = async () => {
      calls += 1;
      if (calls > 1) throw new Refused('unauthenticated');
      return liveCallerOf(ada);
    };
    await expect(erase(bob, { confirmCaller })).rejects.toEqual(refusal('unauthenticated'));
    expect(await stateOf(deps, bob)).toMatchObject({ status: 'active' });
  });

  it('is refused if the administrator was erased after their session was checked', async () => {
    const { deps, ada, bob } = administration;
    await erase(ada);
    await expect(erase(bob)).rejects.toEqual(refusal('unauthenticated'));
    expect(await stateOf(deps, bob)).toMatchObject({ status: 'active' });
  });
});
