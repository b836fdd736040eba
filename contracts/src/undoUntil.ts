const UNDO_MS = 7 * 86_400_000;

/**
 * Until when the owner of the previous address can undo a change of the address. As long, no other user can have that
 * address.
 *
 * @param at time of the event, ISO 8601: that of the request until the change is confirmed, then that of the change.
 */
export const undoUntil = (at: string): Date => new Date(Date.parse(at) + UNDO_MS);
