import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import {
  accountOfUser,
  Crashed,
  confirmedUser,
  liveCallerOf,
  requestOrigin,
  stateOf,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { type UpdateUserInput, updateUser } from '../profile/updateUser.js';
import { profileOf } from '../user/loadUser.js';

const ROUNDS = faultRounds({ usual: 1, full: 100 });

let deps: TestCommands;
let userId: string;
beforeEach(async () => {
  deps = await testCommands();
  userId = await confirmedUser(deps, 'ada@example.org');
});
afterEach(() => deps.close());

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
const renaming = (name: string, options: Partial<UpdateUserInput> = {}) =>
  updateUser(deps, { caller: liveCallerOf(userId), name, ...options }, requestOrigin());
const history = () => deps.eventLog.readStream(userStream(userId));

describe('changeUser', () => {
  it('returns the state, revision and position it wrote', async () => {
    const changed = await renaming('Ada King');
    expect(profileOf(changed)).toMatchObject({ name: 'Ada King', revision: 1n });
    expect(changed).toMatchObject({ revision: 1n, position: deps.eventLog.events.at(-1)?.position });
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '1' });
  });

  it('appends nothing for a no-op, and returns the position it read', async () => {
    const changed = await renaming('Ada Lovelace');
    expect(await history()).toHaveLength(1);
    expect(changed).toMatchObject({ revision: 0n, position: (await history())[0]?.position });
  });

  it('settles the vault even when it decides nothing', async () => {
    deps.crashAfter('facts-appended');
    await expect(renaming('Ada King')).rejects.toBeInstanceOf(Crashed);
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '0' });
    await renaming('Ada King');
    expect(await history()).toHaveLength(2);
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '1' });
  });

  it('F-05 decides again after a conflict, at most three times', async () => {
    deps.eventLog.conflict(3);
    await expect(renaming('Ada King')).resolves.toMatchObject({ revision: 1n });
    deps.eventLog.conflict(4);
    await expect(renaming('Ada Byron')).rejects.toEqual(refusal('conflict'));
    expect(await history()).toHaveLength(2);
  });

  it('F-05 refuses a stale If-Match on load and on append, without deciding again', async () => {
    await renaming('Ada King', { ifMatch: 0n });
    await expect(renaming('Ada Byron', { ifMatch: 0n })).rejects.toEqual(refusal('stale-revision'));
    deps.eventLog.conflict();
    await expect(renaming('Ada Byron', { ifMatch: 1n })).rejects.toEqual(refusal('stale-revision'));
    expect(await history()).toHaveLength(2);
  });

  it('F-05 appends at the revision of an If-Match list that matched, although the list allows the next one too', async () => {
    deps.eventLog.beforeAppend(async () => void (await renaming('Ada King')));
    await expect(renaming('Ada Byron', { ifMatch: [0n, 1n] })).rejects.toEqual(refusal('stale-revision'));
    expect(await stateOf(deps, userId)).toMatchObject({ name: 'Ada King' });
    await expect(renaming('Ada Byron', { ifMatch: [0n, 1n] })).resolves.toMatchObject({ revision: 2n });
  });

  it('F-05 loses no acknowledged update of 50 concurrent writers', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { revision } = await renaming(`before round ${round}`);
      const names = Array.from({ length: 50 }, (_, index) => `round ${round} writer ${index}`);
      const matched = await Promise.allSettled(names.map((name) => renaming(name, { ifMatch: revision })));
      expect(matched.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const free = await Promise.allSettled(names.map((name) => renaming(`${name} again`)));
      const accepted = [...matched, ...free].filter((result) => result.status === 'fulfilled');
      for (const { value } of accepted) {
        const [written] = (await history()).filter((event) => event.revision === value.revision);
        expect(value.facts.at(-1)?.id).toBe(written?.id);
      }
      expect(await history()).toHaveLength(Number(revision) + 1 + accepted.length);
    }
  });

  it('F-01 answers a repeat under the same key from the stored event, also after other changes', async () => {
    const first = await renaming('Ada King', { idempotencyKey: 'key 1' });
    await renaming('Ada Byron');
    const again = await renaming('Ada King', { idempotencyKey: 'key 1', ifMatch: 0n });
    expect(profileOf(again)).toEqual(profileOf(first));
    expect(again.position).toBe(first.position);
    expect(await history()).toHaveLength(3);
    expect(await stateOf(deps, userId)).toMatchObject({ name: 'Ada Byron' });
  });

  it('F-01 applies a request once when the process died after the append and the client repeats it', async () => {
    deps.crashAfter('facts-appended');
    await expect(renaming('Ada King', { idempotencyKey: 'key 1' })).rejects.toBeInstanceOf(Crashed);
    await expect(renaming('Ada King', { idempotencyKey: 'key 1' })).resolves.toMatchObject({ revision: 1n });
    expect(await history()).toHaveLength(2);
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '1' });
  });

  it('F-02 applies a request once when the reply to the append was lost and the client repeats it', async () => {
    deps.eventLog.dropReplies();
    await expect(renaming('Ada King', { idempotencyKey: 'key 1' })).rejects.toMatchObject({ name: 'LogUnavailable' });
    await expect(renaming('Ada King', { idempotencyKey: 'key 1' })).resolves.toMatchObject({ revision: 1n });
    expect(await history()).toHaveLength(2);
  });

  it('F-01 refuses a different request under the same key, also a concurrent one', async () => {
    await renaming('Ada King', { idempotencyKey: 'key 1' });
    await expect(renaming('Eve', { idempotencyKey: 'key 1' })).rejects.toEqual(refusal('idempotency-key-reused'));
    const names = Array.from({ length: 10 }, (_, index) => `Ada ${index}`);
    const results = await Promise.allSettled(names.map((name) => renaming(name, { idempotencyKey: 'key 2' })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = results.filter((result) => result.status === 'rejected');
    for (const { reason } of refused) expect(reason).toEqual(refusal('idempotency-key-reused'));
    expect(await history()).toHaveLength(3);
  });

  it('answers not-found for an id that was never registered', async () => {
    const unknownId = '0199c0de-0000-4000-8000-00000000dead';
    await expect(renaming('Ada', { caller: liveCallerOf(unknownId) })).rejects.toEqual(refusal('not-found'));
  });
});
