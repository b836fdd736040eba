import type { Role } from '@ums/contracts/roles';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import type { HashTurn } from '../credentials/passwords.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { verifyUserPassword } from '../credentials/verifyUserPassword.js';
import { loadUser } from '../user/loadUser.js';

export interface Reauthentication<R extends Role> {
  /** The caller's own. */
  password: string;
  purpose: HashTurn['purpose'];
  /** Called again after the hashing, which takes long enough for the session to end. @throws Refused */
  confirmCaller(): Promise<LiveCallerWith<R>>;
}

/**
 * Verifies the password of an administrator or auditor who has a session. Failures of log-ins count apart.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `unauthenticated`, and what `confirmCaller` refuses.
 */
export const reauthenticate = async <R extends Role>(
  deps: CredentialDeps,
  { password, purpose, confirmCaller }: Reauthentication<R>,
  origin: RequestOrigin,
): Promise<LiveCallerWith<R>> => {
  const caller = await confirmCaller();
  const user = await loadUser(deps, caller.userId);
  if (user.state.status === 'erased') throw new Refused('unauthenticated');
  await verifyUserPassword(deps, user, { password, purpose }, origin);
  return confirmCaller();
};
