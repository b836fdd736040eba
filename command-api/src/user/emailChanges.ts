import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import type { Personal } from '@ums/contracts/personal';
import { undoUntil } from '@ums/contracts/undoUntil';

/** The part of a registered user's state that is about their address. */
export interface EmailChanges {
  email: Personal;
  /** The newest request. It ends when it is confirmed or undone, and when the password changes. */
  requestedEmail: { changeId: string; email: Personal } | undefined;
  /**
   * The requests that no undo has voided, oldest first. Each can be undone as long as its link lives, also when a later request
   * replaced it: otherwise a thief of the account ends the owner's link by asking for another address.
   */
  requestedChanges: readonly RequestedChange[];
  /** Ids of the changes whose own link gave the user an address, or would have given the same one. */
  undoneChanges: readonly string[];
}

export interface RequestedChange {
  changeId: string;
  /** The address at the time of the request, to which the undo link was mailed. */
  previousEmail: Personal;
  /** Until when the previous address is reserved; `undefined` for a request that was not confirmed. */
  heldUntil: Date | undefined;
}

type FactOf<T extends UserEvent['type']> = Extract<Fact<UserEvent>, { type: T }>;

/** As a registration begins. */
export const firstEmail = (email: Personal): EmailChanges => ({
  ...{ email, requestedEmail: undefined, requestedChanges: [], undoneChanges: [] },
});

export const withEmailChangeRequested = (
  changes: EmailChanges,
  { data: { changeId, email, currentEmail: previousEmail } }: FactOf<'EmailChangeRequested'>,
): EmailChanges => ({
  ...changes,
  requestedEmail: { changeId, email },
  requestedChanges: [...changes.requestedChanges, { changeId, previousEmail, heldUntil: undefined }],
});

export const withEmailChanged = (
  changes: EmailChanges,
  { data: { changeId, email, previousEmail }, metadata }: FactOf<'EmailChanged'>,
): EmailChanges => {
  const confirmed = { changeId, previousEmail, heldUntil: undoUntil(metadata.at) };
  return {
    ...changes,
    ...{ email, requestedEmail: undefined },
    requestedChanges: [...changes.requestedChanges.filter((change) => change.changeId !== changeId), confirmed],
  };
};

/**
 * Undoes a change and all later ones: the owner of the older address decides, so links of the later changes lose their effect.
 * A later link that was mailed to the same address has nothing left to do.
 */
export const withEmailChangeUndone = (
  changes: EmailChanges,
  { data: { changeId, email } }: FactOf<'EmailChangeUndone'>,
): EmailChanges => {
  const index = changes.requestedChanges.findIndex((change) => change.changeId === changeId);
  const voidedFrom = index === -1 ? changes.requestedChanges.length : index;
  const alike = changes.requestedChanges.slice(voidedFrom).filter(({ previousEmail }) => previousEmail === email);
  return {
    ...{ email, requestedEmail: undefined },
    requestedChanges: changes.requestedChanges.slice(0, voidedFrom),
    undoneChanges: [...new Set([...changes.undoneChanges, changeId, ...alike.map((change) => change.changeId)])],
  };
};
