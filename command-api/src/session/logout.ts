import type { Principal } from '@ums/kit/http/requestContext';
import type { Caller } from '../facts/cause.js';
import { endSession } from './endSession.js';
import { mustBeLive } from './mustBeLive.js';
import type { SessionDeps } from './sessionDeps.js';

/** @throws Refused `unauthenticated` when the session has ended already; LogUnavailable after the vault was cut. */
export const logout = async (deps: SessionDeps, principal: Principal, caller: Caller): Promise<void> => {
  await mustBeLive(deps, principal);
  const { userId, sessionId } = principal;
  await endSession(deps, { userId, sessionId, reason: 'logout' }, caller);
};
