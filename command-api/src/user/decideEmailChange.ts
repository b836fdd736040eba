import type { UserEvent } from '@ums/contracts/events/user';
import { Refused } from '@ums/kit/refused';
import { mustBeActive, mustMatchStoredHash } from './requirements.js';
import type { RegisteredUser } from './userState.js';

/** Commands on a user's address. */
export type EmailChangeCommand =
  /** `verifiedHash`: the stored hash the current password was verified against. */
  | { type: 'RequestEmailChange'; changeId: string; email: string; verifiedHash: string }
  /** The link mailed to the new address, and the password, were verified. */
  | { type: 'ConfirmEmailChange'; changeId: string }
  /** The link mailed to the previous address was verified. It needs no password, which others may have. */
  | { type: 'UndoEmailChange'; changeId: string };

/**
 * @throws Refused `token-invalid` for a confirmation that another request, an undo or a new password has ended, and for an undo
 * that the undo of an earlier change has ended; see `decide`.
 */
export const decideEmailChange = (command: EmailChangeCommand, user: RegisteredUser): UserEvent[] => {
  switch (command.type) {
    case 'RequestEmailChange':
      return request(command, user);
    case 'ConfirmEmailChange':
      return confirm(command.changeId, user);
    case 'UndoEmailChange':
      return undo(command.changeId, user);
    default:
      return command satisfies never;
  }
};

const request = (
  { changeId, email, verifiedHash }: Extract<EmailChangeCommand, { type: 'RequestEmailChange' }>,
  user: RegisteredUser,
): UserEvent[] => {
  mustBeActive(user);
  mustMatchStoredHash(verifiedHash, user);
  if (user.email === email) return [];
  return [{ type: 'EmailChangeRequested', data: { changeId, email, currentEmail: user.email } }];
};

const confirm = (changeId: string, user: RegisteredUser): UserEvent[] => {
  if (user.requestedChanges.some((change) => change.changeId === changeId && change.heldUntil !== undefined)) return [];
  if (user.requestedEmail?.changeId !== changeId) throw new Refused('token-invalid');
  mustBeActive(user);
  const { email } = user.requestedEmail;
  return [{ type: 'EmailChanged', data: { changeId, email, previousEmail: user.email } }];
};

/**
 * Also for a suspended user: the time in which a change can be undone does not stop. Also for a request that another one
 * replaced: whoever refuses the first has not asked for the second.
 */
const undo = (changeId: string, user: RegisteredUser): UserEvent[] => {
  if (user.undoneChanges.includes(changeId)) return [];
  const change = user.requestedChanges.find((requested) => requested.changeId === changeId);
  if (change === undefined) throw new Refused('token-invalid');
  return [{ type: 'EmailChangeUndone', data: { changeId, email: change.previousEmail } }];
};
