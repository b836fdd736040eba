import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { readSecret } from '@ums/kit/readSecret';
import { Unusable } from '@ums/kit/unusable';
import { codeOf, EngineFailed } from '../engineFailed.js';
import { writePrivately } from './writePrivately.js';

/** Keys of 256 random bits, base64url; their names are those of the environment. */
const KEYS = ['MASTER_KEY', 'ADDRESS_KEY', 'MAIL_TOKEN_KEY', 'PASSWORD_PEPPER', 'REFRESH_TOKEN_KEY'] as const;

/** Login roles of the embedded Postgres: the log server's and one for each service. */
export const ROLES = ['log', 'command', 'projector', 'notifier', 'query'] as const;
export type DatabaseRole = (typeof ROLES)[number];

const passwordOf = (role: DatabaseRole) => `DATABASE_PASSWORD_${role.toUpperCase()}` as const;

export interface Secrets {
  /** What the services are given, by the name of the variable. */
  environment: Readonly<Record<(typeof KEYS)[number] | 'ACCESS_TOKEN_KEY', string>>;
  databasePasswords: Readonly<Record<DatabaseRole, string>>;
}

const KEY_BYTES = 32;
const FOR_OTHERS = 0o007;

const randomFor = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, randomBytes(KEY_BYTES).toString('base64url')]));

/** New secrets of the services. */
export function newSecrets(): Secrets['environment'] {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = { ...randomFor(KEYS), ACCESS_TOKEN_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }) };
  return keys as unknown as Secrets['environment'];
}

/** Makes new secrets. Losing them is losing everybody's data: every data key is wrapped under MASTER_KEY. */
export async function makeSecrets(path: string): Promise<void> {
  const secrets = { ...newSecrets(), ...randomFor(ROLES.map(passwordOf)) };
  await writePrivately(path, `${JSON.stringify(secrets, undefined, 2)}\n`);
}

/** @throws EngineFailed when the file cannot be read, every user may read it, or a secret in it cannot be used; no value is shown. */
export async function readSecrets(path: string): Promise<Secrets> {
  const values = parse(path, await readOwn(path));
  const usable = (name: string, bytes?: number): string => {
    const value = values[name];
    try {
      readSecret(name, typeof value === 'string' ? value : undefined, undefined, bytes);
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      throw new EngineFailed(`${name} in ${path} is missing or damaged; nothing was changed.`, { cause: error });
    }
    return String(value);
  };
  const keys = Object.fromEntries(KEYS.map((name) => [name, usable(name, KEY_BYTES)]));
  const passwords = Object.fromEntries(ROLES.map((role) => [role, usable(passwordOf(role))]));
  return {
    environment: { ...keys, ACCESS_TOKEN_KEY: usable('ACCESS_TOKEN_KEY') } as Secrets['environment'],
    databasePasswords: passwords as Secrets['databasePasswords'],
  };
}

const readOwn = async (path: string): Promise<string> => {
  try {
    if (((await stat(path)).mode & FOR_OTHERS) !== 0) {
      throw new EngineFailed(
        `${path} can be opened by every user; run chmod 600 on it and consider its secrets known.`,
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
    // The parser's message quotes what it read.
  }
  throw new EngineFailed(`${path} is damaged: it holds no JSON object; nothing was changed.`);
};
