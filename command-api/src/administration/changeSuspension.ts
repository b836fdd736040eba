import type { CommandDeps } from '../commandDeps.js';
import { type Caller, causedBy } from '../facts/cause.js';
import { type ChangedUser, handle, type UserChange } from '../facts/handle.js';
import { decide } from '../user/decide.js';
import { guardPower } from './guardPower.js';

export interface SuspensionChange {
  /** The administrator, whose session and role are checked. */
  administrator: string;
  userId: string;
  /** For the record; sealed for the user. */
  reason: string;
  ifMatch?: bigint | undefined;
  /** `Idempotency-Key` as sent. */
  idempotencyKey?: string | undefined;
}

export interface Suspension extends SuspensionChange {
  /** Looks at the administrator's session once more, where he had to wait for another one's command. @throws Refused */
  stillLive(): Promise<void>;
}

/**
 * Suspends a user: his sessions and tokens end at once. Nothing happens to whoever is suspended.
 *
 * @throws Refused `not-found`, `last-administrator`, and what `handle` and `stillLive` say.
 */
export const suspendUser = (deps: CommandDeps, change: Suspension, caller: Caller): Promise<ChangedUser> =>
  guardPower(
    deps,
    { ...changeOf('POST', change, caller), decide: (user) => decide({ type: 'SuspendUser' }, user) },
    change.stillLive,
  );

/** Lets a suspended user log in again. @throws Refused `not-found`, and what `handle` says. */
export const reinstateUser = (deps: CommandDeps, change: SuspensionChange, caller: Caller): Promise<ChangedUser> =>
  handle(deps, { ...changeOf('DELETE', change, caller), decide: (user) => decide({ type: 'ReinstateUser' }, user) });

const changeOf = (
  method: 'POST' | 'DELETE',
  { administrator, userId, reason, ifMatch, idempotencyKey }: SuspensionChange,
  caller: Caller,
): Omit<UserChange, 'decide'> => ({
  ...{ userId, ifMatch },
  cause: causedBy(caller, { kind: 'admin', id: administrator }, reason),
  repeat:
    idempotencyKey === undefined
      ? undefined
      : {
          key: idempotencyKey,
          principal: administrator,
          route: `${method} /users/{id}/suspension`,
          body: { userId, reason },
        },
});
