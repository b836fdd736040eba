import { Refused } from '@ums/kit/refused';
import type { BoundedQueue } from '../limits/boundedQueue.js';
import type { PasswordContext } from './contextWords.js';
import type { HashScheme } from './hashScheme.js';
import { passwordFault } from './passwordPolicy.js';
import { type Pepper, peppered } from './pepper.js';

/** Password policy and hashing, for every place that takes a password. */
export interface Passwords {
  /** Length and blocklist, in the form that is hashed. @throws Refused `validation-failed` for the field `password`. */
  accept(text: string, context: PasswordContext): string;
  /** `<pepper id>:<hash in its own modular format>`. @throws Refused `busy` (503) when the queue is full. */
  hash(accepted: string): Promise<string>;
  /** One hash whatever the input: without `stored`, one against a decoy, and `false`. @throws Refused `busy`. */
  verify(text: string, stored: string | undefined): Promise<boolean>;
  /** Whether the next login should hash anew: other algorithm, other parameters or other pepper. */
  outdated(stored: string): boolean;
}

export interface PasswordParts {
  scheme: HashScheme;
  /** The first is used for new hashes; the others verify what they made. */
  peppers: readonly [Pepper, ...Pepper[]];
  queue: BoundedQueue;
}

export const createPasswords = ({ scheme, peppers, queue }: PasswordParts): Passwords => {
  const [current] = peppers;
  const prefix = `${current.id}:${scheme.prefix}`;
  const decoy = `${current.id}:${scheme.decoy()}`;

  const pepperOf = (id: string): Pepper => {
    const pepper = peppers.find((known) => known.id === id);
    if (pepper === undefined) throw new Error('a stored password hash names a pepper this service was not given');
    return pepper;
  };

  return {
    accept: (text, context) => {
      const message = passwordFault(text, context);
      if (message !== undefined) throw new Refused('validation-failed', { errors: [{ field: 'password', message }] });
      return text.normalize('NFC');
    },
    hash: (accepted) => queue(async () => `${current.id}:${await scheme.hash(peppered(current, accepted))}`),
    verify: (text, stored) =>
      queue(async () => {
        const whole = stored ?? decoy;
        const end = whole.indexOf(':');
        const matches = await scheme.verify(peppered(pepperOf(whole.slice(0, end)), text), whole.slice(end + 1));
        return matches && stored !== undefined;
      }),
    outdated: (stored) => !stored.startsWith(prefix),
  };
};
