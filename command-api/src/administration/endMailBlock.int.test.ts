import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MailBlockKind } from '@ums/contracts/events/mailBounced';
import { userStream } from '@ums/contracts/streams';
import { isMailBlocked } from '@ums/identity/vault/mailBlocks';
import { suspensionOf, type TestAdministration, testAdministration } from '../../test/testAdministration.js';
import { addressMacOf, requestOrigin, stateOf } from '../../test/testCommands.js';
import { recordBounce } from '../mail-feedback/recordBounce.js';
import { loadUser, profileOf } from '../user/loadUser.js';
import { endMailBlock } from './endMailBlock.js';

describe('F-26 the end of a mail block by an administrator', () => {
  let administration: TestAdministration;
  let email: string;
  beforeEach(async () => {
    administration = await testAdministration();
    const state = await stateOf(administration.deps, administration.bob);
    email = 'email' in state ? String(state.email) : '';
  });
  afterEach(() => administration.close());

  const record = (kind: MailBlockKind, feedbackId: string = randomUUID()) =>
    recordBounce(
      administration.deps,
      { kind, feedbackId, email, at: administration.deps.clock.now() },
      { id: randomUUID() },
    );
  const end = () => {
    const { deps, ada, bob } = administration;
    return endMailBlock(deps, suspensionOf(ada, bob), requestOrigin());
  };
  const isBlocked = () => isMailBlocked(administration.deps.vault, addressMacOf(administration.deps, email));

  it('lets the address get mail again, with the reason sealed, until the next report, and not a copy of the last one', async () => {
    const { deps, ada, bob } = administration;
    const feedbackId = randomUUID();
    await record('bounce', feedbackId);
    expect(await isBlocked()).toBe(true);
    const { revision } = await end();
    expect([await isBlocked(), profileOf(await loadUser(deps, bob)).mailBlock]).toEqual([false, undefined]);
    const event = (await deps.eventLog.readStream(userStream(bob))).at(-1);
    expect(event).toMatchObject({
      ...{ type: 'MailBlockEnded', data: {} },
      metadata: { actor: { kind: 'admin', id: ada }, reason: expect.stringMatching(/^v1\./) },
    });
    expect([await record('bounce', feedbackId), await isBlocked()]).toEqual(['known', false]);
    expect((await end()).revision).toBe(revision);
    expect([await record('bounce'), await isBlocked()]).toEqual(['recorded', true]);
  });

  it('is refused after a complaint, which stays', async () => {
    await record('complaint');
    await record('bounce');
    await expect(end()).rejects.toMatchObject({ name: 'Refused', slug: 'recipient-complained' });
    expect(await isBlocked()).toBe(true);
  });
});
