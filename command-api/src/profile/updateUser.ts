import type { Locale } from '@ums/contracts/locale';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { IfMatch } from '@ums/kit/http/request/etag';
import type { LiveCaller } from '../authorization/liveCaller.js';
import { changeUser } from '../change/changeUser.js';
import { idempotentRequest } from '../change/idempotency.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { type EmailChangeInput, requestEmailChange } from '../email-change/requestEmailChange.js';
import type { SubmittedPicture } from '../picture/submitPicture.js';
import { decide } from '../user/decide.js';
import type { ExistingUser } from '../user/loadUser.js';
import type { ChangeLimit } from './changeLimit.js';

export interface UpdateUserInput {
  /** The user to change. */
  caller: LiveCaller;
  /** In its stored form. */
  name?: string | undefined;
  locale?: Locale | undefined;
  emailChange?: EmailChangeInput | undefined;
  picture?: SubmittedPicture | undefined;
  ifMatch?: IfMatch | undefined;
  /** `Idempotency-Key` as sent. */
  idempotencyKey?: string | undefined;
  /** The limit on changes, which only what is appended counts for. */
  limit?: ChangeLimit;
}

export interface UpdatedUser extends ExistingUser {
  /** Whether the new address has to be confirmed with a link that is mailed to it, or the picture to be processed. */
  isPending: boolean;
}

/**
 * Changes the fields that are given, in one append. A new address is only asked for: it becomes the user's once the link that
 * is mailed to it is confirmed. A new picture is shown once it is processed.
 *
 * @throws Refused `account-suspended`, and what {@link requestEmailChange}, the picture and {@link changeUser} refuse;
 * LogUnavailable; DependencyUnavailable while the picture cannot be stored.
 */
export const updateUser = async (
  deps: CredentialDeps,
  { caller, name, locale, emailChange, picture, ifMatch, idempotencyKey, limit }: UpdateUserInput,
  origin: RequestOrigin,
): Promise<UpdatedUser> => {
  const { userId } = caller;
  const email = emailChange?.email;
  const requested = emailChange && (await requestEmailChange(deps, userId, emailChange, origin));
  const changed = await changeUser(deps, {
    ...{ userId, caller, ifMatch },
    decide: (user) => [
      ...(name === undefined ? [] : decide({ type: 'RenameUser', name }, user)),
      ...(locale === undefined ? [] : decide({ type: 'ChangeLocale', locale }, user)),
      ...(requested?.decide(user) ?? []),
      ...(picture?.decide(user) ?? []),
    ],
    beforeAppend: async (events, revision) => {
      await limit?.count(revision);
      // Before the picture, so that a request over a mail limit stores no picture.
      await requested?.beforeAppend(events);
      await picture?.beforeAppend(events);
    },
    // Repeats during an outage would else use up the changes, mails and pictures of the user.
    takeBack: async (outcome) => {
      await Promise.all([
        requested?.takeBack(outcome),
        // The events may be in the log: they count as a change, and need the upload.
        ...(outcome === 'nothing' ? [limit?.giveBack(), picture?.takeBack()] : []),
      ]);
    },
    cause: causedBy(origin, { kind: 'user', id: userId }),
    request: idempotentRequest(idempotencyKey, {
      ...{ principal: userId, route: 'PUT /user' },
      body: {
        ...(name === undefined ? {} : { name }),
        ...(locale === undefined ? {} : { locale }),
        ...(email === undefined ? {} : { email }),
        ...(picture === undefined ? {} : { picture: picture.digest }),
      },
    }),
  });
  // From the state after the request, so that a repeat under the same key gets the same answer.
  const { state } = changed;
  if (state.status !== 'active') return { ...changed, isPending: false };
  const awaitsConfirmation = email !== undefined && state.requestedEmail?.email === email;
  const isProcessing = picture !== undefined && state.submittedPicture !== undefined;
  return { ...changed, isPending: awaitsConfirmation || isProcessing };
};
