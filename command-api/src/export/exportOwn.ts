import type { ExportRequest } from '@ums/contracts/http/export';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { Response } from 'express';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { verifyUserPassword } from '../credentials/verifyUserPassword.js';
import { loadUser } from '../user/loadUser.js';
import type { ExportDeps } from './exportDeps.js';
import { type ExportedUser, exportedUser } from './exportedUser.js';
import { sendExport } from './sendExport.js';

export interface OwnExport extends ExportRequest {
  /** Whose password is verified. The confirmed caller gets the export. */
  userId: string;
  /** Confirms the caller's session after the hashing, and while the export is sent. @throws Refused */
  confirmCaller(): Promise<LiveCaller>;
}

/**
 * Sends users everything that is stored about them, after verifying their password.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `unauthenticated` (erased), `not-signed-yet`, and what
 * `confirmCaller` refuses; LogUnavailable, DependencyUnavailable, and errors of the vault.
 */
export const exportOwn = async (
  deps: ExportDeps,
  own: OwnExport,
  origin: RequestOrigin,
  response: Response,
): Promise<void> => {
  const user = await verifiedUser(deps, own, origin);
  const reader = await own.confirmCaller();
  await sendExport(deps, response, {
    user,
    route: '/user/export',
    read: { reader, actor: { kind: 'user', id: reader.userId }, grantId: null, origin },
    confirm: own.confirmCaller,
  });
};

/** The facts that it loads are not kept while the export is sent. */
const verifiedUser = async (
  deps: ExportDeps,
  { userId, password }: OwnExport,
  origin: RequestOrigin,
): Promise<ExportedUser> => {
  const loaded = await loadUser(deps, userId);
  if (loaded.state.status === 'unknown' || loaded.state.status === 'erased') throw new Refused('unauthenticated');
  await verifyUserPassword(deps, loaded, { password, purpose: 'export' }, origin);
  return exportedUser(deps, loaded);
};
