import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import {
  accountOfUser,
  aUser,
  Crashed,
  caller,
  liveAs,
  stateOf,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { type Renaming, renameUser } from '../profile/renameUser.js';
import { profileOf } from '../user/loadUser.js';

const ROUNDS = faultRounds({ usual: 1, full: 100 });

let deps: TestCommands;
let userId: string;
beforeEach(async () => {
  deps = await testCommands();
  userId = await aUser(deps, 'ada@example.org');
});
afterEach(() => deps.close());

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
const renaming = (name: string, options: Partial<Renaming> = {}) =>
  renameUser(deps, { caller: liveAs(userId), name, ...options }, caller());
const history = () => deps.eventLog.readStream(userStream(userId));

describe('changeUser', () => {
  it('answers with the state, the revision and the position it wrote', async () => {
    const changed = await renaming('Ada King');
    expect(profileOf(changed)).toMatchObject({ name: 'Ada King', revision: 1n });
    expect(changed).toMatchObject({ revision: 1n, position: deps.eventLog.events.at(-1)?.position });
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '1' });
  });

  it('writes nothing where there is nothing to do, and answers with the position it read', async () => {
    const changed = await renaming('Ada Lovelace');
    expect(await history()).toHaveLength(1);
    expect(changed).toMatchObject({ revision: 0n, position: (await history())[0]?.position });
  });

  it('brings the vault up to date even when it decides nothing', async () => {
    deps.crashAfter('facts-appended');
    await expect(renaming('Ada King')).rejects.toBeInstanceOf(Crashed);
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '0' });
    await renaming('Ada King');
    expect(await history()).toHaveLength(2);
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '1' });
  });

  it('F-05 decides again after a conflict, three times at most', async () => {
    deps.eventLog.conflict(3);
    await expect(renaming('Ada King')).resolves.toMatchObject({ revision: 1n });
    deps.eventLog.conflict(4);
    await expect(renaming('Ada Byron')).rejects.toEqual(refusal('conflict'));
    expect(await history()).toHaveLength(2);
  });

  it('F-05 answers 412 to a stale If-Match, on reading and on writing, and never decides again', async () => {
    await renaming('Ada King', { ifMatch: 0n });
    await expect(renaming('Ada Byron', { ifMatch: 0n })).rejects.toEqual(refusal('stale-revision'));
    deps.eventLog.conflict();
    await expect(renaming('Ada Byron', { ifMatch: 1n })).rejects.toEqual(refusal('stale-revision'));
    expect(await history()).toHaveLength(2);
  });

  it('F-05 loses no update of 50 writers: whoever was told yes is in the history', async () => {
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

  it('F-01 answers a repeat under one key from the stored event, also after other changes', async () => {
    const first = await renaming('Ada King', { idempotencyKey: 'key 1' });
    await renaming('Ada Byron');
    const again = await renaming('Ada King', { idempotencyKey: 'key 1', ifMatch: 0n });
    expect(profileOf(again)).toEqual(profileOf(first));
    expect(again.position).toBe(first.position);
    expect(await history()).toHaveLength(3);
    expect(await stateOf(deps, userId)).toMatchObject({ name: 'Ada Byron' });
  });

  it('F-01 has one effect when the process died after the append, whatever the repeat finds', async () => {
    deps.crashAfter('facts-appended');
    await expect(renaming('Ada King', { idempotencyKey: 'key 1' })).rejects.toBeInstanceOf(Crashed);
    await expect(renaming('Ada King', { idempotencyKey: 'key 1' })).resolves.toMatchObject({ revision: 1n });
    expect(await history()).toHaveLength(2);
    expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '1' });
  });

  it('F-02 has one effect when the reply of the append was lost', async () => {
    deps.eventLog.dropReplies();
    await expect(renaming('Ada King', { idempotencyKey: 'key 1' })).rejects.toMatchObject({ name: 'LogUnavailable' });
    await expect(renaming('Ada King', { idempotencyKey: 'key 1' })).resolves.toMatchObject({ revision: 1n });
    expect(await history()).toHaveLength(2);
  });

  it('F-01 refuses another request under the same key, also at the same moment', async () => {
    await renaming('Ada King', { idempotencyKey: 'key 1' });
    await expect(renaming('Eve', { idempotencyKey: 'key 1' })).rejects.toEqual(refusal('idempotency-key-reused'));
    const names = Array.from({ length: 10 }, (_, index) => `Ada ${index}`);
    const results = await Promise.allSettled(names.map((name) => renaming(name, { idempotencyKey: 'key 2' })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = results.filter((result) => result.status === 'rejected');
    for (const { reason } of refused) expect(reason).toEqual(refusal('idempotency-key-reused'));
    expect(await history()).toHaveLength(3);
  });

  it('knows nobody under an id that was never registered', async () => {
    const nobody = '0199c0de-0000-4000-8000-00000000dead';
    await expect(renaming('Ada', { caller: liveAs(nobody) })).rejects.toEqual(refusal('not-found'));
  });

  it('names the field of a name that cannot be', async () => {
    const refused = await renaming('line\nbreak').catch((error: unknown) => error);
    expect(refused).toMatchObject({ slug: 'validation-failed', details: { errors: [{ field: 'name' }] } });
    expect(JSON.stringify(refused)).not.toContain('break');
  });
});
