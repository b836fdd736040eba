import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import type { Personal } from '@ums/contracts/personal';
import { undoUntil } from '@ums/contracts/undoUntil';

/** The part of a registered user's state that is about their address. */
export interface EmailChanges {
  email: Personal;
  /** The newest request. It ends when it is confirmed or undone, and when the password changes. */
  requestedEmail: { changeId: string; email: Personal } | undefined;
  /** The changes that led to `email`, oldest first. */
  confirmedChanges: readonly ConfirmedChange[];
  /** Ids of the changes that were undone with their own link. */
  undoneChanges: readonly string[];
}

export interface ConfirmedChange {
  changeId: string;
  previousEmail: Personal;
  undoUntil: Date;
}

type FactOf<T extends UserEvent['type']> = Extract<Fact<UserEvent>, { type: T }>;

/** As a registration begins. */
export const firstEmail = (email: Personal): EmailChanges => ({
  ...{ email, requestedEmail: undefined, confirmedChanges: [], undoneChanges: [] },
});

export const withEmailChanged = (
  changes: EmailChanges,
  { data: { changeId, email, previousEmail }, metadata }: FactOf<'EmailChanged'>,
): EmailChanges => ({
  ...changes,
  ...{ email, requestedEmail: undefined },
  confirmedChanges: [...changes.confirmedChanges, { changeId, previousEmail, undoUntil: undoUntil(metadata.at) }],
});

/** Undoes a change and all later ones: the owner of the older address decides, so links of the later changes lose their effect. */
export const withEmailChangeUndone = (
  changes: EmailChanges,
  { data: { changeId, email } }: FactOf<'EmailChangeUndone'>,
): EmailChanges => {
  const index = changes.confirmedChanges.findIndex((change) => change.changeId === changeId);
  return {
    ...{ email, requestedEmail: undefined },
    confirmedChanges: index === -1 ? changes.confirmedChanges : changes.confirmedChanges.slice(0, index),
    undoneChanges: [...changes.undoneChanges, changeId],
  };
};
