import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accountOfUser,
  addressMacOf,
  Crashed,
  registrationToken,
  requestOrigin,
  stateOf,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import {
  addressStates,
  confirmChange,
  newEmailChange,
  reconcile,
  type TestEmailChange,
  undoChange,
} from '../../test/testEmailChanges.js';
import type { CrashPoint } from '../account/factDeps.js';
import { confirm } from '../registration/confirm.js';
import { findAccount } from '../session/loginStream.js';

let deps: TestCommands;
let userId: string;
let before: string;
let after: string;
let change: TestEmailChange;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(async () => {
  ({ userId, before, after, change } = await newEmailChange(deps));
});
afterAll(() => deps.close());

const ownerOf = async (email: string) => {
  const { kind, id } = await findAccount(deps.vault, addressMacOf(deps, email));
  return kind === 'found' ? id : undefined;
};
const typesOf = (id: string) =>
  deps.eventLog.events.filter(({ stream }) => stream === `user-${id}`).map(({ type }) => type);
const states = () => addressStates(deps, userId, [before, after]);

const expectConfirmed = async () => {
  expect(typesOf(userId)).toEqual(['UserRegistered.v2', 'EmailChangeRequested', 'EmailChanged']);
  expect(await stateOf(deps, userId)).toMatchObject({ email: after });
  expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '2', address_from: '2', status: 'active' });
  expect(await states()).toEqual([`current ${after}`, `held ${before}`]);
  expect([await ownerOf(before), await ownerOf(after)]).toEqual([undefined, userId]);
};

const expectUndone = async () => {
  expect(typesOf(userId).slice(2)).toEqual(['EmailChanged', 'EmailChangeUndone']);
  expect(await stateOf(deps, userId)).toMatchObject({ email: before });
  expect(await accountOfUser(deps, userId)).toMatchObject({ revision: '3', address_from: '3', epoch: '3' });
  expect(await states()).toEqual([`current ${before}`]);
  expect([await ownerOf(before), await ownerOf(after)]).toEqual([userId, undefined]);
};

type Step = Parameters<CrashPoint>[0];
const STEPS: Step[] = [
  ...(['address-claimed', 'facts-appended', 'account-written', 'sessions-deleted', 'addresses-written'] as const),
];

/** Begins what is interrupted: the confirmation, or the undoing of a confirmed change. */
const INTERRUPTED = {
  confirmation: { follow: () => confirmChange(deps, change), prepare: async () => undefined, check: expectConfirmed },
  undoing: { follow: () => undoChange(deps, change), prepare: () => confirmChange(deps, change), check: expectUndone },
} as const;
const cases = STEPS.flatMap((step) => (['confirmation', 'undoing'] as const).map((name) => ({ name, step })));

const crash = async (name: keyof typeof INTERRUPTED, step: Step) => {
  await INTERRUPTED[name].prepare();
  deps.crashAfter(step);
  await expect(INTERRUPTED[name].follow()).rejects.toBeInstanceOf(Crashed);
};

describe('a change of the address interrupted by a crash', () => {
  it.each(cases)('F-06 is resumed by a repeat of the $name after a crash at $step', async ({ name, step }) => {
    await crash(name, step);
    await INTERRUPTED[name].follow();
    await INTERRUPTED[name].check();
  });

  it.each(cases)(
    'F-06 is completed by the reconciler after a crash of the $name at $step, even after the link expired',
    async ({ name, step }) => {
      await crash(name, step);
      deps.clock.advance(86_400_001);
      await reconcile(deps);
      await INTERRUPTED[name].check();
    },
  );

  it.each(cases)(
    'F-06 has one effect when repeats of the $name and the reconciler run in parallel after a crash at $step',
    async ({ name, step }) => {
      await crash(name, step);
      const { follow, check } = INTERRUPTED[name];
      await Promise.all([follow(), reconcile(deps), follow(), reconcile(deps)]);
      await reconcile(deps);
      await check();
    },
  );

  it('F-02 is resumed by a repeat when the answer to the append was lost', async () => {
    deps.eventLog.dropReplies();
    await expect(confirmChange(deps, change)).rejects.toMatchObject({ name: 'LogUnavailable' });
    await confirmChange(deps, change);
    await expectConfirmed();
  });

  it('F-06 keeps the claimed address from a registration, and the previous address for the user, until it is settled', async () => {
    const rival = await registrationToken(deps, after, 'the password of a rival');
    await crash('confirmation', 'address-claimed');
    expect([await ownerOf(before), await ownerOf(after)]).toEqual([userId, undefined]);
    const confirming = confirm(deps, { token: rival, password: 'the password of a rival' }, requestOrigin());
    await expect(confirming).rejects.toMatchObject({ slug: 'token-invalid' });
    await reconcile(deps);
    await expectConfirmed();
  });
});
