import { KeyObject } from 'node:crypto';
import type { Sight } from '@ums/contracts/history/sight';
import { ERASED, type Erased } from '@ums/contracts/personal';
import { MissingKey } from '@ums/kit/facts/openFacts';
import { Refused } from '@ums/kit/refused';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import { openWith } from '@ums/kit/sealing/sealing';

/**
 * How another person sees the values that are sealed for a user. The key is read anew for every request, so that an erasure takes
 * effect at once.
 *
 * @throws MissingKey when the user has no key and was not erased; SealBroken, also from `open`.
 */
export const sightOf = async (keys: DataKeys, userId: string, isMasked: boolean): Promise<Sight> => {
  const key = await keyOf(keys, userId);
  return { isMasked, open: key instanceof KeyObject ? opener(key) : () => ERASED };
};

/** How users see their own values. @throws Refused `unauthenticated` once they are erased; what {@link sightOf} throws */
export const ownSight = async (keys: DataKeys, userId: string): Promise<Sight> => {
  const key = await keyOf(keys, userId);
  if (!(key instanceof KeyObject)) throw new Refused('unauthenticated');
  return { isMasked: false, open: opener(key) };
};

/** Opens each value once, because what one event sets, the next one replaces. A value at another place is another one (K-02). */
const opener = (key: KeyObject): Sight['open'] => {
  const opened = new Map<string, string>();
  return ({ place, sealed }) => {
    const at = `${place.storedType} ${place.eventId} ${place.field} ${sealed}`;
    const known = opened.get(at);
    if (known !== undefined) return known;
    const text = openWith(key, place, sealed);
    opened.set(at, text);
    return text;
  };
};

const keyOf = async (keys: DataKeys, userId: string): Promise<KeyObject | Erased> => {
  const key = (await keys.fresh([userId])).get(userId);
  if (key === undefined) throw new MissingKey();
  return key;
};
