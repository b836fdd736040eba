import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import {
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  requestOrigin,
  stateOf,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { reinstateUser, suspendUser } from '../administration/changeSuspension.js';
import { eraseUser } from '../profile/eraseUser.js';
import { type UpdateUserInput, updateUser } from '../profile/updateUser.js';
import { sweep } from '../reconciler/sweep.js';
import type { RegistrationDeps } from '../registration/registrationDeps.js';
import { profileOf } from '../user/loadUser.js';

const NAME = 'Ada Lovelace';
const KEY = 'canary-key-1';
const DAY_MS = 86_400_000;

let deps: TestCommands;
let userId: string;
beforeEach(async () => {
  deps = await testCommands();
  userId = await confirmedUser(deps, 'ada@example.org');
});
afterEach(() => deps.close());

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
const renaming = (name: string, options: Partial<UpdateUserInput> = {}, as: RegistrationDeps = deps) =>
  updateUser(as, { caller: liveCallerOf(userId), name, ...options }, requestOrigin());
/** Sends the current name under the key. */
const noOp = (as: RegistrationDeps = deps) => renaming(NAME, { idempotencyKey: KEY }, as);
const suspension = (reason: string, idempotencyKey?: string) => {
  const caller = liveCallerOf(userId);
  return { caller, userId, reason, idempotencyKey, confirmCaller: confirmCallerAs(userId) };
};
const history = () => deps.eventLog.readStream(userStream(userId));
const rows = async () => (await deps.vault.query('select * from idempotency')).rows;

/** The same dependencies, except that `work` runs once after the user's stream was read. */
const interruptedBy = (work: () => Promise<unknown>): RegistrationDeps => {
  let done = false;
  const readStream: RegistrationDeps['eventLog']['readStream'] = async (stream, from) => {
    const events = await deps.eventLog.readStream(stream, from);
    if (!done && stream === userStream(userId)) {
      done = true;
      await work();
    }
    return events;
  };
  return { ...deps, eventLog: { ...deps.eventLog, readStream } };
};

describe('a request under an Idempotency-Key that changes nothing', () => {
  it('F-01 is answered as the first was after other changes, and has no effect', async () => {
    const first = await noOp();
    await renaming('Bob');
    const again = await noOp();
    expect([again.revision, again.position]).toEqual([first.revision, first.position]);
    expect(profileOf(again)).toEqual(profileOf(first));
    expect(await stateOf(deps, userId)).toMatchObject({ name: 'Bob' });
    expect(await history()).toHaveLength(2);
    await expect(renaming(NAME, { idempotencyKey: KEY, ifMatch: 0n })).resolves.toMatchObject({ revision: 0n });
  });

  it('F-01 does not suspend a user again who was reinstated since', async () => {
    await suspendUser(deps, suspension('Ticket 4711'), requestOrigin());
    await suspendUser(deps, suspension('Ticket 4712', KEY), requestOrigin());
    await reinstateUser(deps, suspension('Solved'), requestOrigin());
    const again = await suspendUser(deps, suspension('Ticket 4712', KEY), requestOrigin());
    expect([again.revision, again.state.status]).toEqual([1n, 'suspended']);
    expect(await stateOf(deps, userId)).toMatchObject({ status: 'active' });
  });

  it('F-01 refuses a different request under its key, also a concurrent one', async () => {
    await noOp();
    await expect(renaming('Eve', { idempotencyKey: KEY })).rejects.toEqual(refusal('idempotency-key-reused'));
    await suspendUser(deps, suspension('Ticket 4711'), requestOrigin());
    const reasons = Array.from({ length: 5 }, (_, index) => `Ticket ${index}`);
    const results = await Promise.allSettled(
      reasons.map((reason) => suspendUser(deps, suspension(reason, 'key 2'), requestOrigin())),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toEqual(refusal('idempotency-key-reused'));
  });

  it('F-01 gets the answer of the attempt that was remembered first', async () => {
    const later = async () => {
      await renaming('Bob');
      await renaming(NAME);
      await noOp();
    };
    await expect(noOp(interruptedBy(later))).resolves.toMatchObject({ revision: 2n });
    await expect(noOp()).resolves.toMatchObject({ revision: 2n });
    expect(await history()).toHaveLength(3);
  });

  it('is forgotten after 24 hours', async () => {
    await noOp();
    await renaming('Bob');
    deps.clock.advance(DAY_MS - 1);
    await sweep(deps);
    await expect(noOp()).resolves.toMatchObject({ revision: 0n });
    deps.clock.advance(1);
    await expect(noOp()).resolves.toMatchObject({ revision: 2n });
    expect(await rows()).toHaveLength(1);
    await sweep(deps);
    expect(await rows()).toEqual([]);
  });

  it('R-09 is forgotten after 200 others of the user, so that no account fills the vault', async () => {
    const other = await confirmedUser(deps, 'eve@example.org');
    const otherNoOp = { caller: liveCallerOf(other), locale: 'en', idempotencyKey: KEY } as const;
    await updateUser(deps, otherNoOp, requestOrigin());
    await noOp();
    for (let count = 1; count <= 199; count++) {
      deps.clock.advance(1);
      await renaming(NAME, { idempotencyKey: `another key ${count}` });
    }
    expect(await rows()).toHaveLength(201);
    await renaming('Bob');
    await expect(noOp()).resolves.toMatchObject({ revision: 0n });
    await renaming(NAME);
    deps.clock.advance(1);
    await renaming(NAME, { idempotencyKey: 'the last key' });
    expect(await rows()).toHaveLength(201);
    await renaming('Bob');
    await expect(noOp()).resolves.toMatchObject({ revision: 4n });
    await expect(renaming(NAME, { idempotencyKey: 'another key 1' })).resolves.toMatchObject({ revision: 0n });
  });

  it('is remembered anew once the earlier record has expired, also before the sweep', async () => {
    await noOp();
    deps.clock.advance(DAY_MS);
    await renaming('Bob');
    await renaming(NAME);
    await noOp();
    await renaming('Bob');
    await expect(noOp()).resolves.toMatchObject({ revision: 2n });
    expect(await rows()).toHaveLength(1);
  });

  it('G-01 is forgotten with the user, and stored without its key or body', async () => {
    await noOp();
    const stored = JSON.stringify(await rows());
    for (const secret of [KEY, NAME])
      for (const form of ['utf8', 'hex', 'base64', 'base64url'] as const)
        expect(stored).not.toContain(Buffer.from(secret).toString(form).replace(/=+$/, ''));
    const erase = () =>
      eraseUser(deps, { userId, password: PASSWORD, confirmCaller: confirmCallerAs(userId) }, requestOrigin());
    const interrupted = interruptedBy(erase);
    // The data key is cached, as in a process that has not heard of the erasure yet.
    const cached = await deps.keys.fetch([userId]);
    const keys = { ...deps.keys, fetch: async () => cached };
    await renaming(NAME, { idempotencyKey: 'key 2' }, { ...interrupted, keys });
    expect(await rows()).toEqual([]);
  });
});
