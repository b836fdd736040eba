import { KeyObject } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { registrationStream } from '@ums/contracts/streams';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import {
  accountOfUser,
  addressMacOf,
  Crashed,
  NO_ATTEMPT,
  newestRegistration,
  PASSWORD,
  registrationToken,
  requestOrigin,
  stateOf,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { takeUnfinishedRegistrations } from '../account/accountWrites.js';
import type { CrashPoint } from '../account/factDeps.js';
import { sweepRegistrations } from '../account/registrationRemoval.js';
import { sweep } from '../reconciler/sweep.js';
import { findAccount, findWaiting } from '../session/loginStream.js';
import { userIdOf } from '../user/derivedIds.js';
import { claimRegistration } from './claimRegistration.js';
import { confirm } from './confirm.js';
import { register } from './register.js';

let deps: TestCommands;
let count = 0;
let email: string;
beforeAll(async () => {
  deps = await testCommands();
});
beforeEach(() => {
  email = `ada${count++}@example.org`;
});
afterAll(() => deps.close());

/** A sweep that takes over what a crashed confirmation claimed a moment ago. */
const sweepAtOnce = () => sweep(deps, { claimAgeMs: 0 });
const confirming = (token: string) => confirm(deps, { token, password: PASSWORD }, requestOrigin());

const expectConfirmed = async (token: string) => {
  const id = String(deps.mailTokens.read(token)?.ids[0]);
  const userId = userIdOf(id);
  expect(await accountOfUser(deps, userId)).toMatchObject({ status: 'active', revision: '0' });
  expect(await stateOf(deps, userId)).toMatchObject({ status: 'active', email });
  expect(deps.eventLog.events.filter(({ stream }) => stream === `user-${userId}`)).toHaveLength(1);
  expect(deps.eventLog.events.filter(({ stream }) => stream === `registration-${id}`)).toHaveLength(2);
  expect((await deps.keys.fresh([id])).get(id)).not.toBeInstanceOf(KeyObject);
  expect(await findAccount(deps.vault, addressMacOf(deps, email))).toEqual({
    kind: 'found',
    id: userId,
  });
};

type Step = Parameters<CrashPoint>[0];
/** The steps of a confirmation, and those of a repeat after the first crashed. */
const FIRST_STEPS: Step[] = ['registration-claimed', 'user-registered', 'registration-completed'];
const LATER_STEPS: Step[] = [
  'user-registered',
  'account-written',
  'sessions-deleted',
  'user-settled',
  'registration-completed',
];
const STEPS: Step[][] = [
  ...FIRST_STEPS.map((step) => [step]),
  ...LATER_STEPS.map((step) => ['registration-claimed' as const, step]),
];

/** Confirms as often as it takes to crash after each of the steps. */
const crashAt = async (steps: readonly Step[], token: string): Promise<void> => {
  for (const step of steps) {
    deps.crashAfter(step);
    await expect(confirming(token)).rejects.toBeInstanceOf(Crashed);
  }
};

describe('a confirmation interrupted by a crash', () => {
  it.each(STEPS)('F-06 is resumed by a repeat after a crash at %s %s', async (...steps) => {
    const token = await registrationToken(deps, email);
    await crashAt(steps, token);
    await confirming(token);
    await expectConfirmed(token);
  });

  it.each(STEPS)(
    'F-06 is completed by the reconciler after a crash at %s %s, even after the registration expired',
    async (...steps) => {
      const token = await registrationToken(deps, email);
      await crashAt(steps, token);
      deps.clock.advance(86_400_000);
      await sweepAtOnce();
      await expectConfirmed(token);
    },
  );

  it.each(STEPS)(
    'F-06 has one effect when repeats and the reconciler run in parallel after a crash at %s %s',
    async (...steps) => {
      const token = await registrationToken(deps, email);
      await crashAt(steps, token);
      await Promise.all([confirming(token), sweepAtOnce(), confirming(token), sweepAtOnce()]);
      await expectConfirmed(token);
    },
  );

  it.each([0, 1])('F-02 is resumed by a repeat when the answer to append %i was lost', async (append) => {
    const token = await registrationToken(deps, email);
    let appends = 0;
    const drop = async () => {
      if (appends++ === append) deps.eventLog.dropReplies();
      else deps.eventLog.beforeAppend(drop);
    };
    deps.eventLog.beforeAppend(drop);
    await expect(confirming(token)).rejects.toMatchObject({ name: 'LogUnavailable' });
    await confirming(token);
    await expectConfirmed(token);
  });

  it.each(['a repeat', 'the reconciler'])(
    'F-06 is completed by %s when an operator has deleted the stream of the registration since',
    async (who) => {
      const token = await registrationToken(deps, email);
      await crashAt(['user-registered'], token);
      const id = await newestRegistration(deps, email);
      deps.eventLog.deleteStream(registrationStream(id));
      if (who === 'a repeat') await confirming(token);
      else await sweepAtOnce();
      expect(await accountOfUser(deps, userIdOf(id))).toMatchObject({ status: 'active', revision: '0' });
      expect((await deps.keys.fresh([id])).get(id)).not.toBeInstanceOf(KeyObject);
    },
  );

  it('leaves login with the registration until the account is active', async () => {
    const token = await registrationToken(deps, email);
    deps.crashAfter('registration-claimed');
    await expect(confirming(token)).rejects.toBeInstanceOf(Crashed);
    const registrationId = await newestRegistration(deps, email);
    const target = await findWaiting(deps.vault, addressMacOf(deps, email), deps.clock.now());
    expect(target).toEqual({ kind: 'found', id: registrationId, hasAccount: false });
  });

  it('F-06 frees the address of an expired registration, also of one whose append was never made', async () => {
    deps.crashAfter('registration-stored');
    await expect(register(deps, { email, name: 'Ada', password: PASSWORD }, requestOrigin())).rejects.toBeInstanceOf(
      Crashed,
    );
    await registrationToken(deps, email);
    deps.clock.advance(86_400_001);
    await sweepAtOnce();
    await expect(newestRegistration(deps, email)).rejects.toThrow('no registration for this address');
    const { rows } = await deps.vault.query(
      'select 1 from data_key where wrapped is not null and subject not in (select user_id from account)',
    );
    expect(rows).toEqual([]);
    const token = await registrationToken(deps, email);
    await confirming(token);
    await expectConfirmed(token);
  });

  it('F-06 never deletes a registration while it is being claimed: a claimed address keeps its registration', async () => {
    for (let round = 0; round < faultRounds({ usual: 20, full: 1_000 }); round += 1) {
      const address = `late${round}@example.org`;
      await registrationToken(deps, address);
      const id = await newestRegistration(deps, address);
      // Two processes whose clocks differ: the registration has expired for one of them only.
      const later = new Date(deps.clock.now().getTime() + 86_400_001);
      const [claim] = await Promise.allSettled([
        claimRegistration(deps, id, NO_ATTEMPT),
        sweepRegistrations(deps.vault, later, 100),
      ]);
      const unfinished = await takeUnfinishedRegistrations(deps.vault, { limit: 1_000, claimAgeMs: 0 });
      expect([round, unfinished.includes(id)]).toEqual([round, claim.status === 'fulfilled']);
    }
  });
});
