import type { ExportUserRequest } from '@ums/contracts/http/export';
import { openGrant } from '@ums/identity/grant/openGrant';
import type { Principal } from '@ums/identity/principal';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { Response } from 'express';
import { reauthenticate } from '../administration/reauthenticate.js';
import { refuseAbsent } from '../administration/refuseAbsent.js';
import type { LiveCallerWith } from '../authorization/liveCaller.js';
import { loadUser } from '../user/loadUser.js';
import type { ExportDeps } from './exportDeps.js';
import { type ExportedUser, exportedUser } from './exportedUser.js';
import { sendExport } from './sendExport.js';

export interface UserExport extends ExportUserRequest {
  /** The user whose data is exported. `password` is the administrator's. */
  userId: string;
  /** Confirms the administrator; called again after the hashing, and while the export is sent. @throws Refused */
  confirmCaller(): Promise<LiveCallerWith<'admin'>>;
}

const NOT_OPEN = { field: 'grant', message: 'must be a grant that you asked for, for this user, and that is open' };

/**
 * Sends an administrator everything that is stored about a user, after verifying the administrator's own password: for users who
 * ask by letter, suspended ones too. It needs a grant that is open, and breaks off when the grant ends.
 *
 * @throws Refused `password-invalid`, `too-many-attempts`, `busy`, `not-found`, `user-erased`, `grant-required`,
 * `not-signed-yet`, `unauthenticated`, and what `confirmCaller` refuses; LogUnavailable, DependencyUnavailable, and errors of the
 * vault.
 */
export const exportForAdministrator = async (
  deps: ExportDeps,
  { userId, password, grant: grantId, confirmCaller }: UserExport,
  origin: RequestOrigin,
  response: Response,
): Promise<void> => {
  const reader = await reauthenticate(deps, { password, purpose: 'export', confirmCaller }, origin);
  const confirmGrant = async (): Promise<void> => {
    if (!(await openGrant(deps, { grantId, readerId: reader.userId, userId })))
      throw new Refused('grant-required', { errors: [NOT_OPEN] });
  };
  const user = await grantedUser(deps, { userId, reader, confirmGrant }, origin);
  await sendExport(deps, response, {
    user,
    route: '/users/{id}/export',
    read: { reader, grantId, origin },
    confirm: async () => {
      await confirmCaller();
      await confirmGrant();
    },
  });
};

/** The facts that it loads are not kept while the export is sent. */
const grantedUser = async (
  deps: ExportDeps,
  { userId, reader, confirmGrant }: { userId: string; reader: Principal; confirmGrant(): Promise<void> },
  origin: RequestOrigin,
): Promise<ExportedUser> => {
  const loaded = await loadUser(deps, userId);
  await refuseAbsent(deps, loaded, { reader, asked: 'export', origin });
  await confirmGrant();
  return exportedUser(deps, loaded);
};
