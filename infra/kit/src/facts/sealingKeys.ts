import { Refused } from '../refused.js';
import type { DataKeys } from '../sealing/dataKeys.js';
import { MissingKey } from './openFacts.js';

/** The subject was erased, or its registration ended, since the stream was read: load and decide again. */
export class SubjectErased extends Error {
  override readonly name = 'SubjectErased';

  constructor() {
    super('the subject has no data key any more');
  }
}

export interface SealingKeys {
  of(subject: string): Buffer;
}

export interface WhoseKeys {
  /** Whom the stream is about. */
  subject: string | undefined;
  /** Who acts, when that is somebody else. */
  actor: string | undefined;
  /** The subject's key, when the caller has it. */
  dataKey: Buffer | undefined;
}

/**
 * @throws SubjectErased; MissingKey when an actor never had a key; Refused `unauthenticated` when the actor was erased
 * since the session was checked.
 */
export const sealingKeys = async (
  { keys }: { keys: DataKeys },
  { subject, actor, dataKey }: WhoseKeys,
): Promise<SealingKeys> => {
  const known = new Map<string, Buffer>();
  if (subject !== undefined && dataKey !== undefined) known.set(subject, dataKey);
  const wanted = [subject, actor].filter((id) => id !== undefined && !known.has(id)) as string[];
  const found = wanted.length === 0 ? new Map() : await keys.fetch(wanted);
  for (const id of wanted) {
    const key = found.get(id);
    if (Buffer.isBuffer(key)) known.set(id, key);
    else if (id === subject) throw new SubjectErased();
    else throw key === undefined ? new MissingKey() : new Refused('unauthenticated');
  }
  return {
    of: (id) => {
      const key = known.get(id);
      if (key === undefined) throw new TypeError('nothing may be sealed for somebody else');
      return key;
    },
  };
};
