import { randomBytes } from 'node:crypto';
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import bcrypt from 'bcrypt';

/** How new passwords are hashed, and how any hash ever stored is verified. */
export interface HashScheme {
  /** What every hash with the current algorithm and parameters begins with. */
  prefix: string;
  hash(text: string): Promise<string>;
  /** Verifies a hash of either algorithm, with the parameters it names. */
  verify(text: string, hash: string): Promise<boolean>;
  /** A well-formed hash that no text has: verifying against it costs what verifying costs. */
  decoy(): string;
}

/** `PASSWORD_HASH`: `bcrypt:<cost>` or `argon2id`. */
export const HASH_CHOICE = /^(?:bcrypt:([4-9]|1[0-5])|argon2id)$/;

/** OWASP Password Storage: 19 MiB, two passes, one lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const ARGON2ID_PREFIX = '$argon2id$v=19$m=19456,t=2,p=1$';

/** @param choice matches {@link HASH_CHOICE}. */
export const hashScheme = (choice: string): HashScheme => {
  const cost = HASH_CHOICE.exec(choice)?.[1];
  return { ...(cost === undefined ? argon2id() : bcryptOf(Number(cost))), verify };
};

const verify = (text: string, hash: string): Promise<boolean> =>
  hash.startsWith('$argon2id$') ? argon2Verify(hash, text) : bcrypt.compare(text, hash);

const bcryptOf = (cost: number): Omit<HashScheme, 'verify'> => ({
  prefix: `$2b$${String(cost).padStart(2, '0')}$`,
  hash: (text) => bcrypt.hash(text, cost),
  decoy: () => bcrypt.genSaltSync(cost) + 'decoy'.padEnd(31, '.'),
});

const argon2id = (): Omit<HashScheme, 'verify'> => ({
  prefix: ARGON2ID_PREFIX,
  // Algorithm 2 is Argon2id, the package's default; its enum exists in types only.
  hash: (text) => argon2Hash(text, ARGON2ID),
  decoy: () => `${ARGON2ID_PREFIX}${unpadded(16)}$${unpadded(32)}`,
});

const unpadded = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
