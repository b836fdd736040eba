import { Refused } from '@ums/kit/refused';
import type { BoundedQueue } from '../limits/boundedQueue.js';
import type { HashScheme } from './hashScheme.js';
import { type PasswordContext, passwordFault } from './passwordPolicy.js';
import { type Pepper, peppered } from './pepper.js';

/** Password policy and hashing, for every route that takes a password. */
export interface Passwords {
  /**
   * Checks length and blocklist.
   *
   * @returns the normalized password, to be passed to `hash`.
   * @throws Refused `validation-failed` for the field `password`.
   */
  validate(text: string, context: PasswordContext): string;
  /** @returns `<pepper id>:<hash in modular crypt format>`. @throws Refused `busy` (503) when the queue is full. */
  hash(accepted: string): Promise<string>;
  /**
   * Computes one hash for any input: without `stored` it verifies against a decoy and answers `false`.
   *
   * @throws Refused `busy`; Error when the pepper of `stored` is not configured.
   */
  verify(text: string, stored: string | undefined): Promise<boolean>;
  /** Whether the next login must hash again: the algorithm, its parameters or the pepper has changed. */
  isOutdated(stored: string): boolean;
}

export interface PasswordParts {
  scheme: HashScheme;
  /** The first makes new hashes; the others only verify the hashes they made. */
  peppers: readonly [Pepper, ...Pepper[]];
  queue: BoundedQueue;
}

/** Each password is combined with a pepper before it is hashed or verified. The queue limits the hashes in progress. */
export const createPasswords = ({ scheme, peppers, queue }: PasswordParts): Passwords => {
  const [current] = peppers;
  const prefix = `${current.id}:${scheme.prefix}`;
  const decoy = `${current.id}:${scheme.decoy()}`;

  const pepperOf = (id: string): Pepper => {
    const pepper = peppers.find((known) => known.id === id);
    if (pepper === undefined) throw new Error('a stored password hash names a pepper that is not configured');
    return pepper;
  };

  return {
    validate: (text, context) => {
      const message = passwordFault(text, context);
      if (message !== undefined) throw new Refused('validation-failed', { errors: [{ field: 'password', message }] });
      return text.normalize('NFC');
    },
    hash: (accepted) => queue(async () => `${current.id}:${await scheme.hash(peppered(current, accepted))}`),
    verify: (text, stored) =>
      queue(async () => {
        const prefixed = stored ?? decoy;
        const colon = prefixed.indexOf(':');
        const used = pepperOf(prefixed.slice(0, colon));
        const matches = await scheme.verify(peppered(used, text), prefixed.slice(colon + 1));
        return matches && stored !== undefined;
      }),
    isOutdated: (stored) => !stored.startsWith(prefix),
  };
};
