import { type JwkSet, keyOfJwk } from '@ums/identity/access-token/jwkSet';

/** Why a text is not used as a key set. The message is a fixed text. */
export class UnusableKeySet extends Error {
  override readonly name = 'UnusableKeySet';
}

/** In characters. */
const MAX_LENGTH = 65_536;

/** The JWK set of a text (RFC 7517), whose keys of EC P-256 are whole. @throws UnusableKeySet */
export const readKeySet = (text: string): JwkSet => {
  if (text.length > MAX_LENGTH) throw new UnusableKeySet(`longer than ${MAX_LENGTH} characters`);
  const { keys } = (parsed(text) ?? {}) as Partial<JwkSet>;
  if (!Array.isArray(keys) || !keys.every(isObject)) throw new UnusableKeySet('not a key set');
  refuseDamaged({ keys });
  return { keys };
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** A damaged key would fail in each request that uses it, as long as the set is cached. */
const refuseDamaged = ({ keys }: JwkSet): void => {
  try {
    for (const key of keys) keyOfJwk(key);
  } catch (error) {
    throw new UnusableKeySet('a key in it is damaged', { cause: error });
  }
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnusableKeySet('not JSON', { cause: error });
  }
};
