import type { KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { openWith } from '@ums/kit/sealing/sealing';
import {
  reinstate,
  suspend,
  suspensionOf,
  type TestAdministration,
  testAdministration,
} from '../../test/testAdministration.js';
import { accountOfUser, confirmCallerAs, PASSWORD, requestOrigin, stateOf } from '../../test/testCommands.js';
import { eraseUser } from '../profile/eraseUser.js';
import { suspendUser } from './changeSuspension.js';

let administration: TestAdministration;
beforeEach(async () => {
  administration = await testAdministration();
});
afterEach(() => administration.close());

describe('suspension', () => {
  it('T-08 revokes all tokens and sessions of a user at once, and reinstatement activates the account again', async () => {
    const { deps, ada, bob } = administration;
    expect(await suspend(deps, ada, bob)).toMatchObject({ revision: 1n, state: { status: 'suspended' } });
    expect(await accountOfUser(deps, bob)).toMatchObject({ status: 'suspended', epoch: '1', sessions_from: '1' });
    expect(await reinstate(deps, ada, bob)).toMatchObject({ revision: 2n, state: { status: 'active' } });
    expect(await accountOfUser(deps, bob)).toMatchObject({ status: 'active', epoch: '1', revision: '2' });
  });

  it('records the administrator, the reason without the white space around it and sealed for the user, and the source sealed for the administrator', async () => {
    const { deps, ada, bob } = administration;
    await suspendUser(deps, { ...suspensionOf(ada, bob), reason: ' Ticket\u00A04711\n' }, requestOrigin());
    const event = (await deps.eventLog.readStream(userStream(bob))).at(-1);
    const metadata = event?.metadata as { actor: unknown; reason: string; source: string };
    expect(metadata.actor).toEqual({ kind: 'admin', id: ada });
    const keys = await deps.keys.fetch([ada, bob]);
    const opened = (subject: string, field: 'reason' | 'source') =>
      openWith(
        keys.get(subject) as KeyObject,
        { subject, storedType: 'UserSuspended', eventId: String(event?.id), field: `metadata.${field}` },
        metadata[field],
      );
    expect(opened(bob, 'reason')).toBe('Ticket\u00A04711');
    expect(JSON.parse(opened(ada, 'source'))).toEqual({ ip: '192.0.2.7', userAgent: 'curl/8' });
  });

  it('is a no-op for a suspended user, and answers a repeat under the same key from the stored event', async () => {
    const { deps, ada, bob } = administration;
    const first = await suspendUser(deps, { ...suspensionOf(ada, bob), idempotencyKey: 'key' }, requestOrigin());
    await suspend(deps, ada, bob);
    await reinstate(deps, ada, bob);
    const again = await suspendUser(deps, { ...suspensionOf(ada, bob), idempotencyKey: 'key' }, requestOrigin());
    expect([again.revision, again.state.status]).toEqual([first.revision, 'suspended']);
    expect(await stateOf(deps, bob)).toMatchObject({ status: 'active' });
  });

  it('is refused if the administrator was erased after their session was checked', async () => {
    const { deps, ada, bob } = administration;
    await eraseUser(deps, { userId: ada, password: PASSWORD, confirmCaller: confirmCallerAs(ada) }, requestOrigin());
    await expect(suspend(deps, ada, bob)).rejects.toMatchObject({ name: 'Refused', slug: 'unauthenticated' });
    expect(await stateOf(deps, bob)).toMatchObject({ status: 'active' });
  });
});
