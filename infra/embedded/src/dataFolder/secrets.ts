import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { InvalidSetting } from '@ums/kit/invalidSetting';
import { codeOf } from '@ums/kit/postgres/errors';
import { readSecret } from '@ums/kit/readSecret';
import { EngineFailed } from '../engineFailed.js';
import { writePrivateFile } from './writePrivateFile.js';

/** Keys of 256 random bits, base64url, by the names of their environment variables. */
const KEYS = [
  'MASTER_KEY',
  'ADDRESS_KEY',
  'MAIL_TOKEN_KEY',
  'PASSWORD_PEPPER',
  'REFRESH_TOKEN_KEY',
  'NOTARY_KEY',
] as const;

/** Login roles of the embedded Postgres: one for the event log server (`log`) and one for each service. */
export const DATABASE_ROLES = ['log', 'command', 'projector', 'notifier', 'query', 'notary'] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

/** The name under which the password of a role is stored, or passed in the environment. */
export const passwordName = <R extends DatabaseRole>(role: R) =>
  `DATABASE_PASSWORD_${role.toUpperCase() as Uppercase<R>}` as const;

/** Keys that the folder has two of while one replaces the other. */
export const REPLACEABLE = ['MASTER_KEY', 'ADDRESS_KEY'] as const;
export type ReplaceableKey = (typeof REPLACEABLE)[number];

type ServiceSecrets = Readonly<Record<(typeof KEYS)[number] | 'ACCESS_TOKEN_KEY', string>>;

export interface Secrets {
  /** Secrets of the services, by the name of the environment variable. */
  environment: ServiceSecrets & Readonly<Partial<Record<`${ReplaceableKey | 'NOTARY_KEY'}_PREVIOUS`, string>>>;
  databasePasswords: Readonly<Record<DatabaseRole, string>>;
}

const KEY_BYTES = 32;
const OTHERS_MODE_BITS = 0o007;

/** A secret of 256 random bits for each name, base64url. */
export const randomFor = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, randomBytes(KEY_BYTES).toString('base64url')]));

/** Generates secrets for the services; ACCESS_TOKEN_KEY is a P-256 private key in PKCS #8 PEM. */
export const newSecrets = (): ServiceSecrets => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = { ...randomFor(KEYS), ACCESS_TOKEN_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }) };
  return keys as unknown as ServiceSecrets;
};

/** Writes a file of new secrets. If it is lost, no personal data can be decrypted: MASTER_KEY wraps every data key. */
export const createSecrets = async (path: string): Promise<void> => {
  const secrets = { ...newSecrets(), ...randomFor(DATABASE_ROLES.map(passwordName)) };
  await writePrivateFile(path, `${JSON.stringify(secrets, undefined, 2)}\n`);
};

/** Secrets that the first version of this service did not have. */
const ADDED = ['NOTARY_KEY', passwordName('notary')];

/** Gives a file of an earlier version the secrets that it lacks, and leaves the others as they are. @throws as `readSecrets` */
export const completeSecrets = async (path: string): Promise<void> => {
  const values = parse(path, await readSecretsFile(path));
  const missing = ADDED.filter((name) => !(name in values));
  if (missing.length === 0) return;
  await writePrivateFile(path, `${JSON.stringify({ ...values, ...randomFor(missing) }, undefined, 2)}\n`);
};

/**
 * Makes a new key the current one and keeps the old one beside it, as `<name>_PREVIOUS`. The folder must be claimed.
 * @throws EngineFailed when an earlier replacement of the key has not finished, and as `readSecrets`.
 */
export const renewSecret = async (path: string, name: ReplaceableKey): Promise<void> => {
  const values = parse(path, await readSecretsFile(path));
  if (`${name}_PREVIOUS` in values) throw new EngineFailed(`${name} is being replaced already; nothing was changed.`);
  const renewed = { ...values, ...randomFor([name]), [`${name}_PREVIOUS`]: values[name] };
  await writePrivateFile(path, `${JSON.stringify(renewed, undefined, 2)}\n`);
};

/**
 * Lets the notary accept what other keys signed. The folder must not be in use.
 * @param publicKeys C2SP verifier keys, one a line @throws as `readSecrets`
 */
export const acceptNotaryKeys = async (path: string, publicKeys: string): Promise<void> => {
  const values = { ...parse(path, await readSecretsFile(path)), NOTARY_KEY_PREVIOUS: publicKeys };
  await writePrivateFile(path, `${JSON.stringify(values, undefined, 2)}\n`);
};

/** Deletes the old key from the file once nothing needs it. @throws as `readSecrets` */
export const dropPreviousSecret = async (path: string, name: ReplaceableKey): Promise<void> => {
  const { [`${name}_PREVIOUS`]: dropped, ...values } = parse(path, await readSecretsFile(path));
  if (dropped !== undefined) await writePrivateFile(path, `${JSON.stringify(values, undefined, 2)}\n`);
};

/**
 * @throws EngineFailed when the file is unreadable, accessible to every user, or a secret in it is unusable; the message contains
 * no value.
 */
export const readSecrets = async (path: string): Promise<Secrets> => {
  const values = parse(path, await readSecretsFile(path));
  const usable = (name: string, bytes?: number): string => {
    const value = values[name];
    try {
      readSecret(name, typeof value === 'string' ? value : undefined, undefined, bytes);
    } catch (error) {
      if (!(error instanceof InvalidSetting)) throw error;
      throw new EngineFailed(`${name} in ${path} is missing or damaged; nothing was changed.`, { cause: error });
    }
    return String(value);
  };
  const previous = REPLACEABLE.map((name) => `${name}_PREVIOUS`).filter((name) => name in values);
  // An operator replaces the notary's keys by hand, in one of several forms, which the notary checks.
  const bytesOf = (name: string) => (name === 'NOTARY_KEY' ? undefined : KEY_BYTES);
  const keys = Object.fromEntries([...KEYS, ...previous].map((name) => [name, usable(name, bytesOf(name))]));
  const passwords = Object.fromEntries(DATABASE_ROLES.map((role) => [role, usable(passwordName(role))]));
  const former = 'NOTARY_KEY_PREVIOUS' in values && { NOTARY_KEY_PREVIOUS: usable('NOTARY_KEY_PREVIOUS') };
  return {
    environment: {
      ...keys,
      ...former,
      ACCESS_TOKEN_KEY: usable('ACCESS_TOKEN_KEY'),
    } as Secrets['environment'],
    databasePasswords: passwords as Secrets['databasePasswords'],
  };
};

const readSecretsFile = async (path: string): Promise<string> => {
  try {
    if (((await stat(path)).mode & OTHERS_MODE_BITS) !== 0) {
      throw new EngineFailed(
        `${path} is accessible to every user; run chmod 600 on it and treat its secrets as compromised.`,
      );
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof EngineFailed) throw error;
    throw new EngineFailed(
      `The secrets in ${path} cannot be read (${codeOf(error) ?? 'unknown error'}); nothing was changed.`,
      { cause: error },
    );
  }
};

const parse = (path: string, text: string): Record<string, unknown> => {
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null) return values as Record<string, unknown>;
  } catch {
    // The parser's message quotes the file.
  }
  throw new EngineFailed(`${path} is damaged: it does not contain a JSON object; nothing was changed.`);
};
