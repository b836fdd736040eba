import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { causedBy } from '@ums/kit/facts/cause';
import {
  appendedEvents,
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  registrationToken,
  requestOrigin,
  stateOf,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { reconcileBatch } from '../reconciler/reconcileBatch.js';
import { sweep } from '../reconciler/sweep.js';
import { confirm } from '../registration/confirm.js';
import type { RegistrationDeps } from '../registration/registrationDeps.js';
import { userIdOf } from '../user/derivedIds.js';
import { eraseUser } from './eraseUser.js';
import { updateUser } from './updateUser.js';

let deps: TestCommands;
beforeEach(async () => {
  deps = await testCommands();
});
afterEach(() => deps.close());

const erase = (userId: string) =>
  eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());

/** The same dependencies, except that `work` runs once: after the first read of a stream, or before its keys are fetched. */
const interruptedBy = (at: 'read' | 'keys', id: string, work: () => Promise<unknown>): RegistrationDeps => {
  let done = false;
  const once = async () => {
    if (done) return;
    done = true;
    await work();
  };
  const eventLog: RegistrationDeps['eventLog'] = {
    ...deps.eventLog,
    readStream: async (stream, from) => {
      const events = await deps.eventLog.readStream(stream, from);
      if (at === 'read' && stream.endsWith(id)) await once();
      return events;
    },
  };
  const keys: RegistrationDeps['keys'] = {
    ...deps.keys,
    fetch: async (subjects) => {
      const wanted = [...subjects];
      if (at === 'keys' && wanted.includes(id)) await once();
      return deps.keys.fetch(wanted);
    },
  };
  return { ...deps, eventLog, keys };
};

describe('a user erased during another command', () => {
  it('G-01 seals nothing for the erased user: the command is decided again and refused with not-found', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    const interrupted = interruptedBy('read', userId, () => erase(userId));
    const renaming = updateUser(interrupted, { caller: liveCallerOf(userId), name: 'Ada King' }, requestOrigin());
    await expect(renaming).rejects.toMatchObject({ slug: 'not-found' });
    expect(appendedEvents(deps)).not.toContain('user UserRenamed');
  });

  it('refuses with stale-revision if the command named a revision', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    const interrupted = interruptedBy('read', userId, () => erase(userId));
    const renaming = updateUser(
      interrupted,
      { caller: liveCallerOf(userId), name: 'Ada King', ifMatch: 0n },
      requestOrigin(),
    );
    await expect(renaming).rejects.toMatchObject({ slug: 'stale-revision' });
  });

  it.each(['read', 'keys'] as const)(
    'is not registered again after the reconciler completed the registration (%s)',
    async (at) => {
      const token = await registrationToken(deps, 'ada@example.org');
      const registrationId = String(deps.mailTokens.read(token)?.ids[0]);
      const userId = userIdOf(registrationId);
      const completeAndErase = async () => {
        await sweep(deps, { claimAgeMs: 0 });
        await erase(userId);
      };
      // The reconciler completes claimed registrations only.
      deps.crashAfter('registration-claimed');
      await expect(confirm(deps, { token, password: PASSWORD }, requestOrigin())).rejects.toThrow(
        'registration-claimed',
      );
      const interrupted = interruptedBy(at, at === 'read' ? registrationId : userId, completeAndErase);
      const confirming = confirm(interrupted, { token, password: PASSWORD }, requestOrigin());
      await confirming.catch((error: unknown) => expect(error).toMatchObject({ slug: 'token-invalid' }));
      expect(appendedEvents(deps).filter((event) => event === 'user UserRegistered.v2')).toHaveLength(1);
      expect(await stateOf(deps, userId)).toMatchObject({ status: 'erased' });
    },
  );
});

describe('a missing data key', () => {
  it('does not stop the reconciler from erasing the user, but no erasure notice is recorded', async () => {
    const userId = await confirmedUser(deps, 'ada@example.org');
    await appendFacts(deps, {
      stream: userStream(userId),
      events: [{ type: 'UserErasureStarted', data: {} }],
      expected: 0n,
      cause: causedBy(requestOrigin(), { kind: 'user', id: userId }),
    });
    await deps.vault.query('delete from data_key where subject = $1', [userId]);
    deps.keys.evict(userId);
    await reconcileBatch(deps, deps.eventLog.events);
    expect((await deps.keys.fresh([userId])).get(userId)).toEqual({ erased: true });
    expect((await deps.vault.query('select 1 from farewell')).rows).toEqual([]);
  });

  it('G-05 does not count as an erasure, neither for the subject nor for the actor', async () => {
    const [ada, bob] = [await confirmedUser(deps, 'ada@example.org'), await confirmedUser(deps, 'bob@example.org')];
    await deps.vault.query('delete from data_key where subject = $1', [ada]);
    deps.keys.evict(ada);
    await expect(
      updateUser(deps, { caller: liveCallerOf(ada), name: 'Ada King' }, requestOrigin()),
    ).rejects.toMatchObject({
      name: 'MissingKey',
    });
    const byAda = appendFacts(deps, {
      stream: userStream(bob),
      events: [{ type: 'UserSuspended', data: {} }],
      expected: 0n,
      cause: causedBy(requestOrigin(), { kind: 'admin', id: ada }),
    });
    await expect(byAda).rejects.toMatchObject({ name: 'MissingKey' });
  });
});
