import type { BoundedQueue } from '@ums/kit/queue/boundedQueue';
import type { Turn } from '@ums/kit/queue/waitingLine';
import { invalid } from '@ums/kit/refused';
import type { PasswordContext } from './contextWords.js';
import type { HashScheme } from './hashScheme.js';
import { missingWork } from './missingWork.js';
import { passwordFault } from './passwordPolicy.js';
import { type Pepper, peppered } from './pepper.js';

/** Password policy and hashing, for every route that takes a password. */
export interface Passwords {
  /**
   * Checks length and blocklist.
   *
   * @param field of the request, for the refusal; `password` by default.
   * @returns the normalized password, to be passed to `hash`.
   * @throws Refused `validation-failed` for the field.
   */
  validate(text: string, user: Omit<PasswordContext, 'appName'>, field?: string): string;
  /**
   * @param turn whose turn it takes among the hashes that wait.
   * @returns `<pepper id>:<hash in modular crypt format>`.
   * @throws Refused `busy` (503) when no place is free.
   */
  hash(accepted: string, turn: HashTurn): Promise<string>;
  /**
   * Computes one hash for any input: it verifies against a decoy and answers `false` without `stored`, and when the pepper of
   * `stored` is not configured any more. A wrong password for a cheaper bcrypt hash costs as much too: see `missingWork`. All of
   * it is one place in the queue.
   *
   * @throws Refused `busy`.
   */
  verify(text: string, stored: string | undefined, turn: HashTurn): Promise<boolean>;
  /** Whether the next login must hash again: the algorithm, its parameters or the pepper has changed. */
  isOutdated(stored: string): boolean;
}

/** What a hash is for, and the source of the request: `RequestSource.bucket`. */
export type HashTurn = Turn & {
  purpose:
    | 'log-in'
    | 'registration'
    | 'confirmation'
    | 'email-change'
    | 'password-change'
    | 'password-reset'
    | 'sessions'
    | 'erasure'
    | 'roles'
    | 'grant'
    | 'export';
};

export interface PasswordParts {
  /** `APP_NAME`: a password must not be made of it. */
  appName: string;
  scheme: HashScheme;
  /** The first makes new hashes; the others only verify the hashes they made. */
  peppers: readonly [Pepper, ...Pepper[]];
  queue: BoundedQueue;
  /** Is told when a password cannot match because the pepper of its hash was left out. */
  onUnknownPepper?: () => void;
}

/**
 * Stands in place of the pepper id of a hash that another service made from the password alone. It verifies the password as
 * it was sent, not normalized, and is always outdated.
 */
export const UNPEPPERED = 'unpeppered';

/** Each password is combined with a pepper before it is hashed or verified. The queue limits the hashes in progress. */
export const createPasswords = ({
  appName,
  scheme,
  peppers,
  queue,
  onUnknownPepper = () => undefined,
}: PasswordParts): Passwords => {
  const [current] = peppers;
  const prefix = `${current.id}:${scheme.prefix}`;
  const decoy = scheme.decoy();

  /** What is hashed in place of a password, and the hash to compare it with. */
  const comparable = (text: string, stored: string): [text: string, hash: string] | undefined => {
    const colon = stored.indexOf(':');
    const pepperId = stored.slice(0, colon);
    if (pepperId === UNPEPPERED) return [text, stored.slice(colon + 1)];
    const pepper = peppers.find(({ id }) => id === pepperId);
    return pepper && [peppered(pepper, text), stored.slice(colon + 1)];
  };

  return {
    validate: (text, user, field = 'password') => {
      const message = passwordFault(text, { ...user, appName });
      if (message !== undefined) throw invalid(field, message);
      return text.normalize('NFC');
    },
    hash: (accepted, turn) =>
      queue(turn, async () => `${current.id}:${await scheme.hash(peppered(current, accepted))}`),
    verify: (text, stored, turn) =>
      queue(turn, async () => {
        const compared = stored === undefined ? undefined : comparable(text, stored);
        if (stored !== undefined && compared === undefined) onUnknownPepper();
        const matches = await scheme.verify(...(compared ?? [peppered(current, text), decoy]));
        if (compared === undefined) return false;
        const [input, hash] = compared;
        if (!matches) for (const missing of missingWork(hash, decoy)) await scheme.verify(input, missing);
        return matches;
      }),
    isOutdated: (stored) => !stored.startsWith(prefix),
  };
};
