import type { RequestOrigin } from '@ums/kit/facts/cause';
import type { FactDeps } from '../account/factDeps.js';
import { changeUser } from '../change/changeUser.js';
import { decide } from '../user/decide.js';
import type { ExistingUser } from '../user/loadUser.js';
import { type ChangeForReason, changeForReason } from './changeForReason.js';

/**
 * Lets the current address of a user get mail again after a mail bounced. No-op if it gets mail.
 *
 * @throws Refused `validation-failed`, `not-found`, `recipient-complained`, and what `changeUser` refuses.
 */
export const endMailBlock = async (
  deps: FactDeps,
  change: ChangeForReason,
  origin: RequestOrigin,
): Promise<ExistingUser> =>
  changeUser(deps, {
    ...changeForReason('POST /users/{id}/mail-block/end', change, origin),
    decide: (user) => decide({ type: 'EndMailBlock' }, user),
  });
