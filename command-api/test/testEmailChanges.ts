import { randomUUID } from 'node:crypto';
import { confirmEmailChange } from '../src/email-change/confirmEmailChange.js';
import { undoEmailChange } from '../src/email-change/undoEmailChange.js';
import { updateUser } from '../src/profile/updateUser.js';
import { reconcileBatch } from '../src/reconciler/reconcileBatch.js';
import { sweep } from '../src/reconciler/sweep.js';
import { loadUser } from '../src/user/loadUser.js';
import {
  addressMacOf,
  confirmCallerAs,
  confirmedUser,
  liveCallerOf,
  PASSWORD,
  requestOrigin,
  type TestCommands,
} from './testCommands.js';

const DAY_MS = 86_400_000;

/** A request of a new address, and the tokens of the two mails that it causes. */
export interface TestEmailChange {
  userId: string;
  changeId: string;
  /** From the mail to the new address. */
  confirmToken: string;
  /** From the mail to the address before. */
  undoToken: string;
}

/** A new user who has requested another address. */
export const newEmailChange = async (deps: TestCommands) => {
  const name = randomUUID();
  const [before, after] = [`before-${name}@example.org`, `after-${name}@example.org`];
  const userId = await confirmedUser(deps, before);
  return { userId, before, after, change: await requestChange(deps, userId, after) };
};

/** What the reconciler does, without leaving young claims to the request that made them. */
export const reconcile = async (deps: TestCommands): Promise<void> => {
  await reconcileBatch(deps, deps.eventLog.events);
  await sweep(deps, { claimAgeMs: 0 });
};

/** Requests a new address for a user. @throws Refused */
export const requestChange = async (
  deps: TestCommands,
  userId: string,
  email: string,
  password = PASSWORD,
): Promise<TestEmailChange> => {
  const emailChange = { email, password, confirmCaller: confirmCallerAs(userId) };
  await updateUser(deps, { caller: liveCallerOf(userId), emailChange }, requestOrigin());
  const { facts } = await loadUser(deps, userId);
  const requested = facts.findLast((fact) => fact.type === 'EmailChangeRequested');
  if (requested === undefined) throw new Error('no change was requested');
  const { changeId, currentEmail } = requested.data;
  const token = (purpose: 'change' | 'undo', address: string, days: number) =>
    deps.mailTokens.issue({
      ...{ purpose, ids: [userId, changeId], addressMac: addressMacOf(deps, address) },
      expires: new Date(deps.clock.now().getTime() + days * DAY_MS),
    });
  return {
    ...{ userId, changeId },
    confirmToken: token('change', email, 1),
    undoToken: token('undo', String(currentEmail), 7),
  };
};

export const confirmChange = (deps: TestCommands, { confirmToken: token }: TestEmailChange, password = PASSWORD) =>
  confirmEmailChange(deps, { token, password }, requestOrigin());

export const undoChange = (deps: TestCommands, { undoToken }: TestEmailChange) =>
  undoEmailChange(deps, undoToken, requestOrigin());

/** A user's rows in `address` as `<state> <address>`, sorted; of the given addresses. */
export const addressStates = async (
  deps: TestCommands,
  userId: string,
  emails: readonly string[],
): Promise<string[]> => {
  const names = new Map(emails.map((email) => [addressMacOf(deps, email).toString('hex'), email]));
  const { rows } = await deps.vault.query<{ mac: Buffer; state: string }>(
    'select mac, state from address where user_id = $1',
    [userId],
  );
  return rows.map(({ mac, state }) => `${state} ${names.get(mac.toString('hex')) ?? 'another'}`).sort();
};
