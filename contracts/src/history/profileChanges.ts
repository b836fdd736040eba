import { type Erased, isErased } from '../personal.js';
import { type FieldValue, fieldOf, PROFILE_FIELDS, type ProfileField } from './profileFields.js';
import type { ProfileStep } from './profileSteps.js';
import { sealedValueIn } from './sealedReference.js';
import { type Masked, type Sight, seenThrough } from './sight.js';

/**
 * A field that an event changed. A change of the password has no values. `newEmail` is an address that was asked for: it is no
 * part of the profile until it is confirmed.
 */
export type ProfileChange =
  | { field: ProfileField; before: FieldValue | Masked | Erased; after: FieldValue | Masked | Erased }
  | { field: 'newEmail'; before: null; after: string | Masked | Erased }
  | { field: 'password' };

/** A hash of the same password is no change of it. */
const SET_PASSWORD: ReadonlySet<string> = new Set(['UserRegistered', 'PasswordChanged']);

/**
 * What an event changed, as its reader sees it. Which fields changed is the same for every reader. Once the user is erased,
 * two values that were equal cannot be told from different ones: then an event that set an address may count as a change.
 */
export const profileChanges = ({ fact, before, after }: ProfileStep, sight: Sight): ProfileChange[] => {
  const changes: ProfileChange[] = [];
  for (const field of PROFILE_FIELDS) {
    const [was, is] = [fieldOf(before, field), fieldOf(after, field)];
    if (!isSame(was, is, sight))
      changes.push({ field, before: seenThrough(was, sight), after: seenThrough(is, sight) });
  }
  if (fact?.type === 'EmailChangeRequested')
    changes.push({ field: 'newEmail', before: null, after: seenThrough(fact.data.email, sight) });
  if (fact !== undefined && SET_PASSWORD.has(fact.type)) changes.push({ field: 'password' });
  return changes;
};

const isSame = (before: FieldValue, after: FieldValue, { open }: Sight): boolean => {
  if (before === after || JSON.stringify(before) === JSON.stringify(after)) return true;
  const [was, is] = [sealedValueIn(before), sealedValueIn(after)];
  if (was === undefined || is === undefined) return false;
  const [opened, other] = [open(was), open(is)];
  return !isErased(opened) && opened === other;
};
