import type { CommandDeps } from '../commandDeps.js';
import { type Caller, causedBy } from '../facts/cause.js';
import { type ChangedUser, handle } from '../facts/handle.js';
import { nameInput } from '../registration/registrationInput.js';
import { decide } from './decide.js';

export interface Renaming {
  /** Who renames himself; his session is checked. */
  userId: string;
  name: string;
  ifMatch?: bigint | undefined;
  /** `Idempotency-Key` as sent. */
  idempotencyKey?: string | undefined;
}

/** @throws Refused `validation-failed`, `account-suspended`, and what {@link handle} says. */
export const renameUser = async (deps: CommandDeps, renaming: Renaming, caller: Caller): Promise<ChangedUser> => {
  const { userId, ifMatch, idempotencyKey } = renaming;
  const name = nameInput(renaming.name);
  return handle(deps, {
    ...{ userId, ifMatch },
    decide: (user) => decide({ type: 'RenameUser', name }, user),
    cause: causedBy(caller, { kind: 'user', id: userId }),
    repeat:
      idempotencyKey === undefined
        ? undefined
        : { key: idempotencyKey, principal: userId, route: 'PUT /user', body: { name } },
  });
};
