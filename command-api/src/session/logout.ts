import type { RequestOrigin } from '@ums/kit/facts/cause';
import type { LiveCaller } from '../authorization/liveCaller.js';
import type { SessionDeps } from '../commandDeps.js';
import { endSession } from './endSession.js';

/** Ends the caller's session. @throws LogUnavailable after the session was deleted from the vault. */
export const logout = (deps: SessionDeps, { userId, sessionId }: LiveCaller, origin: RequestOrigin): Promise<void> =>
  endSession(deps, { userId, sessionId, reason: 'logout' }, origin);
