import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import type { HashTurn } from '../credentials/passwords.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { verifyUserPassword } from '../credentials/verifyUserPassword.js';
import { loadUser } from '../user/loadUser.js';

export interface Reauthentication {
  /** The administrator's own. */
  password: string;
  purpose: HashTurn['purpose'];
  /** Called again after the hashing, which takes long enough for the session to end. @throws Refused */
  confirmCaller(): Promise<LiveCallerWith<'admin'>>;
}

/**
 * Verifies the password of an administrator who has a session. Failures count together with those of their log-ins.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `unauthenticated`, and what `confirmCaller` refuses.
 */
export const reauthenticate = async (
  deps: CredentialDeps,
  { password, purpose, confirmCaller }: Reauthentication,
  origin: RequestOrigin,
): Promise<LiveCallerWith<'admin'>> => {
  const caller = await confirmCaller();
  const administrator = await loadUser(deps, caller.userId);
  if (administrator.state.status === 'erased') throw new Refused('unauthenticated');
  await verifyUserPassword(deps, administrator, { password, purpose }, origin);
  return confirmCaller();
};
