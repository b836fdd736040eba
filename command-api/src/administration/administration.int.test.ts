import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { userStream } from '@ums/contracts/streams';
import { causedBy } from '@ums/kit/facts/cause';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { Refused } from '@ums/kit/refused';
import { openWith } from '@ums/kit/sealing/sealing';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { grantRole } from '../../test/grantRole.js';
import {
  accountOfUser,
  aUser,
  caller,
  confirmedAs,
  liveAs,
  PASSWORD,
  stateOf,
  type TestCommands,
  testCommands,
  written,
} from '../../test/testCommands.js';
import { changeUser } from '../change/changeUser.js';
import { eraseUser } from '../erasure/eraseUser.js';
import { type Reconciler, startReconciler } from '../reconciler/reconciler.js';
import { decide } from '../user/decide.js';
import { withAdministratorLock } from './administratorLock.js';
import { countOtherAdministrators } from './administrators.js';
import { appointAdministrator } from './appointAdministrator.js';
import { reinstateUser, suspendUser } from './changeSuspension.js';

const ROUNDS = faultRounds({ usual: 1, full: 100 });

let deps: TestCommands;
let keeper: Reconciler;
let ada: string;
let bob: string;
beforeEach(async () => {
  deps = await testCommands();
  keeper = await startReconciler(deps, { url: deps.url });
  ada = await aUser(deps, 'ada@example.org');
  bob = await aUser(deps, 'bob@example.org');
});
afterEach(async () => {
  await keeper.close();
  await deps.close();
});

const refusal = (slug: string) => expect.objectContaining({ name: 'Refused', slug });
const change = (administrator: string, userId: string) => ({
  ...{ caller: liveAs(administrator), userId, reason: 'Ticket 4711' },
  confirmCaller: confirmedAs(administrator),
});
const suspending = (administrator: string, userId: string) =>
  suspendUser(deps, change(administrator, userId), caller());
const reinstating = (administrator: string, userId: string) =>
  reinstateUser(deps, change(administrator, userId), caller());

describe('suspension', () => {
  it('T-08 cuts a user off at once, and reinstatement lets him in again', async () => {
    expect(await suspending(ada, bob)).toMatchObject({ revision: 1n, state: { status: 'suspended' } });
    expect(await accountOfUser(deps, bob)).toMatchObject({ status: 'suspended', epoch: '1', sessions_from: '1' });
    expect(await reinstating(ada, bob)).toMatchObject({ revision: 2n, state: { status: 'active' } });
    expect(await accountOfUser(deps, bob)).toMatchObject({ status: 'active', epoch: '1', revision: '2' });
  });

  it('records who and why: the reason sealed for the user, the source for the administrator', async () => {
    await suspending(ada, bob);
    const event = (await deps.eventLog.readStream(userStream(bob))).at(-1);
    const metadata = event?.metadata as { actor: unknown; reason: string; source: string };
    expect(metadata.actor).toEqual({ kind: 'admin', id: ada });
    const keys = await deps.keys.fetch([ada, bob]);
    const opened = (subject: string, field: 'reason' | 'source') =>
      openWith(
        keys.get(subject) as Buffer,
        { subject, storedType: 'UserSuspended', eventId: String(event?.id), field: `metadata.${field}` },
        metadata[field],
      );
    expect(opened(bob, 'reason')).toBe('Ticket 4711');
    expect(JSON.parse(opened(ada, 'source'))).toEqual({ ip: '192.0.2.7', userAgent: 'curl/8' });
  });

  it('does nothing twice, and answers a repeat under one key from the stored event', async () => {
    const first = await suspendUser(deps, { ...change(ada, bob), idempotencyKey: 'key' }, caller());
    await suspending(ada, bob);
    await reinstating(ada, bob);
    const again = await suspendUser(deps, { ...change(ada, bob), idempotencyKey: 'key' }, caller());
    expect([again.revision, again.state.status]).toEqual([first.revision, 'suspended']);
    expect(await stateOf(deps, bob)).toMatchObject({ status: 'active' });
  });

  it('refuses an administrator erased since his session was looked at', async () => {
    await eraseUser(deps, { userId: ada, password: PASSWORD, confirmCaller: confirmedAs(ada) }, caller());
    await expect(suspending(ada, bob)).rejects.toEqual(refusal('unauthenticated'));
    expect(await stateOf(deps, bob)).toMatchObject({ status: 'active' });
  });
});

describe('the last administrator', () => {
  it('cannot be suspended, not even by himself', async () => {
    await appointAdministrator(deps, 'ada@example.org');
    await expect(suspending(ada, ada)).rejects.toEqual(refusal('last-administrator'));
    expect(await stateOf(deps, ada)).toMatchObject({ status: 'active' });
  });

  it('T-08 is suspended by nobody who was suspended himself while he waited for the lock', async () => {
    const eve = await aUser(deps, 'eve@example.org');
    for (const userId of [ada, bob, eve]) await grantRole(deps, userId, 'admin');
    let waiting: Promise<unknown> | undefined;
    await withAdministratorLock(deps, async () => {
      const unlessSuspended = async () => {
        if ((await accountOfUser(deps, bob))?.status !== 'active') throw new Refused('unauthenticated');
        return liveAs(bob);
      };
      waiting = suspendUser(deps, { ...change(bob, eve), confirmCaller: unlessSuspended }, caller()).catch(
        (error: unknown) => error,
      );
      await changeUser(deps, {
        ...{ userId: bob, cause: causedBy(caller(), { kind: 'admin', id: ada }) },
        decide: (user) => decide({ type: 'SuspendUser' }, user),
      });
    });
    expect(await waiting).toEqual(refusal('unauthenticated'));
    expect(await accountOfUser(deps, eve)).toMatchObject({ status: 'active' });
  });

  it('remains when two administrators suspend each other at the same moment', async () => {
    await appointAdministrator(deps, 'ada@example.org');
    await grantRole(deps, bob, 'admin');
    for (let round = 0; round < 5 * ROUNDS; round++) {
      const results = await Promise.allSettled([suspending(ada, bob), suspending(bob, ada)]);
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused.map(({ reason }) => reason)).toEqual([refusal('last-administrator')]);
      const states = [await stateOf(deps, ada), await stateOf(deps, bob)];
      const fallen = states[0]?.status === 'suspended' ? ada : bob;
      expect(states.map(({ status }) => status).sort()).toEqual(['active', 'suspended']);
      await reinstating(fallen === ada ? bob : ada, fallen);
    }
  });

  it('may erase himself; then there is a first one again', async () => {
    await appointAdministrator(deps, 'ada@example.org');
    await eraseUser(deps, { userId: ada, password: PASSWORD, confirmCaller: confirmedAs(ada) }, caller());
    await expect(appointAdministrator(deps, 'bob@example.org')).resolves.toMatchObject({ userId: bob });
  });
});

describe('appointing the first administrator', () => {
  it('A-07 works while there is none, for a confirmed user, once', async () => {
    await appointAdministrator(deps, 'ADA@example.org');
    expect(await accountOfUser(deps, ada)).toMatchObject({ roles: ['user', 'admin'], epoch: '1' });
    await expect(appointAdministrator(deps, 'bob@example.org')).rejects.toEqual(refusal('administrator-exists'));
  });

  it('A-07 makes one administrator of many attempts at the same moment', async () => {
    const emails = Array.from({ length: 10 }, (_, index) => (index % 2 ? 'ada@example.org' : 'bob@example.org'));
    const results = await Promise.allSettled(emails.map((email) => appointAdministrator(deps, email)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(written(deps).filter((event) => event === 'user RoleGranted')).toHaveLength(1);
  });

  it('knows nobody under an address that is not confirmed, unknown or none', async () => {
    await suspending(ada, bob);
    for (const email of ['bob@example.org', 'nobody@example.org', 'no address'])
      await expect(appointAdministrator(deps, email)).rejects.toEqual(refusal('not-found'));
  });

  it('waits for others who hold the lock, two seconds at most', async () => {
    let release = (): void => undefined;
    let holding: Promise<void> = Promise.resolve();
    await new Promise<void>((held) => {
      holding = withAdministratorLock(deps, () => {
        held();
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      });
    });
    await expect(appointAdministrator(deps, 'ada@example.org')).rejects.toEqual(refusal('busy'));
    release();
    await holding;
    await expect(appointAdministrator(deps, 'ada@example.org')).resolves.toMatchObject({ userId: ada });
  });

  it('keeps the lock while the log is slow, longer than a transaction of a request may idle', async () => {
    const hasty = createPool({ url: deps.url, applicationName: 'test', statementTimeoutMs: 50, log: silentLog });
    const idleLimitMs = 50 * 4;
    const counted = withAdministratorLock({ ...deps, vault: hasty }, async (tx) => {
      await sleep(idleLimitMs * 2);
      return countOtherAdministrators(tx, ada);
    });
    await expect(counted).resolves.toBe(0);
    await hasty.end();
  });

  it('is told that the keeper does not run', async () => {
    await keeper.close();
    await aUser(deps, 'eve@example.org');
    await expect(appointAdministrator(deps, 'ada@example.org')).rejects.toMatchObject({
      name: 'DependencyUnavailable',
    });
  });
});
