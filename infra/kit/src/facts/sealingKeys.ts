import { KeyObject } from 'node:crypto';
import { Refused } from '../refused.js';
import type { DataKeys } from '../sealing/dataKeys.js';
import { MissingKey } from './openFacts.js';

/** The subject was erased or its registration ended after the stream was read: load and decide again. */
export class SubjectErased extends Error {
  override readonly name = 'SubjectErased';

  constructor() {
    super('the data key of the subject no longer exists');
  }
}

export interface SealingKeys {
  of(subject: string): KeyObject;
}

export interface KeyOwners {
  /** Subject of the events; see `subjectOf`. */
  subject: string | undefined;
  /** The actor, if different from the subject. */
  actor: string | undefined;
  /** The subject's key, if the caller has it. */
  dataKey: KeyObject | undefined;
}

/**
 * Fetches the keys that an append needs.
 *
 * @throws SubjectErased; MissingKey when the actor has no key and was not erased; Refused `unauthenticated` when the actor
 * was erased after the session was checked.
 */
export const sealingKeys = async (
  { keys }: { keys: DataKeys },
  { subject, actor, dataKey }: KeyOwners,
): Promise<SealingKeys> => {
  const known = new Map<string, KeyObject>();
  if (subject !== undefined && dataKey !== undefined) known.set(subject, dataKey);
  const wanted = [subject, actor].filter((id) => id !== undefined && !known.has(id)) as string[];
  const found = wanted.length === 0 ? new Map() : await keys.fetch(wanted);
  for (const id of wanted) {
    const key = found.get(id);
    if (key instanceof KeyObject) known.set(id, key);
    else if (id === subject) throw new SubjectErased();
    else throw key === undefined ? new MissingKey() : new Refused('unauthenticated');
  }
  return {
    of: (id) => {
      const key = known.get(id);
      if (key === undefined) throw new TypeError('only the subject and the actor have a sealing key here');
      return key;
    },
  };
};
