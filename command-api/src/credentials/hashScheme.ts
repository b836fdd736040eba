import { randomBytes } from 'node:crypto';
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import bcrypt from 'bcrypt';

/** Hashes new passwords, and verifies hashes of every supported algorithm. */
export interface HashScheme {
  /** The prefix of every hash with the current algorithm and parameters. */
  prefix: string;
  hash(text: string): Promise<string>;
  /** Verifies a hash of either algorithm with the parameters that the hash names. */
  verify(text: string, hash: string): Promise<boolean>;
  /** A well-formed hash that no password matches. Verifying against it costs as much as against a hash of the current scheme. */
  decoy(): string;
}

/** bcrypt with a cost of at least 10 (OWASP Password Storage), or argon2id. */
export const STRONG_HASHES = ['argon2id', 'bcrypt:10', 'bcrypt:11', 'bcrypt:12', 'bcrypt:13', 'bcrypt:14'] as const;

/** All values of `PASSWORD_HASH`. Costs below 10 are for tests and measurements only. */
export const HASH_CHOICES = [...STRONG_HASHES, 'bcrypt:4', 'bcrypt:5'] as const;

export type HashChoice = (typeof HASH_CHOICES)[number];

/** 19 MiB, two passes, one lane (OWASP Password Storage). */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const ARGON2ID_PREFIX = '$argon2id$v=19$m=19456,t=2,p=1$';

/** Hashes with the chosen algorithm and cost, and verifies hashes of every algorithm and cost in {@link HASH_CHOICES}. */
export const hashScheme = (choice: HashChoice): HashScheme => {
  const [, cost] = choice.split(':');
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
  // Relies on the package's default algorithm, Argon2id: its enum of algorithms exists in the types only.
  hash: (text) => argon2Hash(text, ARGON2ID),
  decoy: () => `${ARGON2ID_PREFIX}${unpaddedBase64(16)}$${unpaddedBase64(32)}`,
});

const unpaddedBase64 = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
