import { randomUUID } from 'node:crypto';
import type { Role } from '@ums/contracts/roles';
import { serviceCause } from '@ums/kit/facts/cause';
import { reinstateUser, suspendUser } from '../src/administration/changeSuspension.js';
import { changeUser } from '../src/change/changeUser.js';
import { type Reconciler, startReconciler } from '../src/reconciler/reconciler.js';
import { decide } from '../src/user/decide.js';
import {
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  requestOrigin,
  type TestCommands,
  testCommands,
} from './testCommands.js';
import { SIGN_IN_HISTORY_DAYS } from './testReconcilers.js';

export interface TestAdministration {
  deps: TestCommands;
  reconciler: Reconciler;
  /** User ids of two confirmed users, `ada@example.org` and `bob@example.org`. */
  ada: string;
  bob: string;
  close(): Promise<void>;
}

/** Dependencies of administration: a running reconciler and two users. */
export const testAdministration = async (): Promise<TestAdministration> => {
  const deps = await testCommands();
  const reconciler = await startReconciler(deps, { url: deps.url, signInHistoryDays: SIGN_IN_HISTORY_DAYS });
  return {
    ...{ deps, reconciler },
    ada: await confirmedUser(deps, 'ada@example.org'),
    bob: await confirmedUser(deps, 'bob@example.org'),
    close: async () => {
      await reconciler.close();
      await deps.close();
    },
  };
};

/** A suspension or reinstatement of `userId` that `administrator` asks for. */
export const suspensionOf = (administrator: string, userId: string) => ({
  ...{ caller: liveCallerOf(administrator), userId, reason: 'Ticket 4711' },
  confirmCaller: confirmCallerAs(administrator),
});

export const suspend = (deps: TestCommands, administrator: string, userId: string) =>
  suspendUser(deps, suspensionOf(administrator, userId), requestOrigin());

export const reinstate = (deps: TestCommands, administrator: string, userId: string) =>
  reinstateUser(deps, suspensionOf(administrator, userId), requestOrigin());

/** Grants a role directly, without an administrator. */
export const grantRole = (deps: TestCommands, userId: string, role: Role) =>
  changeUser(deps, {
    userId,
    decide: (user) => decide({ type: 'GrantRole', role }, user),
    cause: serviceCause('keeper', { id: randomUUID() }),
  });
