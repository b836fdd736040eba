import type { GrantEvent } from '@ums/contracts/events/grant';
import type { ReadGrant } from '@ums/identity/grant/readGrant';
import { Refused } from '@ums/kit/refused';

/** Commands on one grant. `by` is the caller's user id. The purpose is validated and in its stored form. */
export type GrantCommand =
  | { type: 'AskForAccess'; userId: string; minutes: number; purpose: string }
  | { type: 'DecideOnAccess'; by: string; approve: boolean }
  | { type: 'EndAccess'; by: string; isAdministrator: boolean };

/**
 * Applies the rules of a command to a grant. Pure, so that it can run again after a conflict.
 *
 * @param read the grant with its state now; `undefined` before it is asked for.
 * @returns the events to append; none for a repeat.
 * @throws Refused with the slug of the broken rule.
 */
export const decideGrant = (command: GrantCommand, read: ReadGrant | undefined): GrantEvent[] => {
  if (command.type === 'AskForAccess') {
    const { type: _, ...data } = command;
    return read === undefined ? [{ type: 'AccessRequested', data }] : [];
  }
  if (read === undefined) throw new Refused('not-found');
  return command.type === 'DecideOnAccess' ? decideOn(command, read) : end(command, read);
};

/** Neither who asked decides, nor whom it concerns: two others must agree that it is needed. */
const decideOn = (
  { by, approve }: Extract<GrantCommand, { type: 'DecideOnAccess' }>,
  { grant, now }: ReadGrant,
): GrantEvent[] => {
  if (by === grant.askedBy || by === grant.userId) throw new Refused('own-grant');
  const { decision } = grant;
  if (decision?.by === by && decision.approved === approve) return [];
  if (now.state !== 'asked') throw new Refused('grant-closed');
  return [{ type: approve ? 'AccessApproved' : 'AccessRefused', data: {} }];
};

/** An administrator may not end a grant about themself: ending a request refuses it. */
const end = (
  { by, isAdministrator }: Extract<GrantCommand, { type: 'EndAccess' }>,
  { grant, now }: ReadGrant,
): GrantEvent[] => {
  if (by !== grant.askedBy && !isAdministrator) throw new Refused('forbidden');
  if (by !== grant.askedBy && by === grant.userId) throw new Refused('own-grant');
  if (now.state === 'refused' || now.state === 'ended') return [];
  return [{ type: 'AccessEnded', data: { reason: by === grant.askedBy ? 'withdrawn' : 'revoked' } }];
};
