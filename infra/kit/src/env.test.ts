import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigFault, integer, list, oneOf, optional, parseEnv, port, secret, text } from './env.js';
import { databaseUrl } from './postgres/databaseUrl.js';

const CANARY = 'canary-41f0c2';
const key = randomBytes(32).toString('base64');

const faultsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  return [];
};

const spec = {
  HOST: text('127.0.0.1'),
  PORT: port(8080),
  DATABASE_URL: databaseUrl(),
  CORS_ORIGINS: list([]),
  PASSWORD_HASH: oneOf(['bcrypt:12', 'argon2id'], 'bcrypt:12'),
  LIMIT: integer({ default: 10, min: 1, max: 100 }),
  MAIL_FROM: optional(text()),
};

describe('parseEnv', () => {
  it('returns typed values for set variables and defaults for the others', () => {
    const env = {
      PORT: '0',
      DATABASE_URL: 'postgres://users@127.0.0.1/read',
      CORS_ORIGINS: ' https://a.example , ,https://b.example',
    };
    expect(parseEnv(spec, env)).toEqual({
      HOST: '127.0.0.1',
      PORT: 0,
      DATABASE_URL: 'postgres://users@127.0.0.1/read',
      CORS_ORIGINS: ['https://a.example', 'https://b.example'],
      PASSWORD_HASH: 'bcrypt:12',
      LIMIT: 10,
      MAIL_FROM: undefined,
    });
  });

  it('treats an empty variable as unset', () => {
    expect(parseEnv({ PORT: port(1), NAME: optional(text()) }, { PORT: '', NAME: ' ' })).toEqual({
      PORT: 1,
      NAME: undefined,
    });
  });

  it('K-01 reports all faults at once, naming the variables without their values', () => {
    const env = { PORT: CANARY, DATABASE_URL: CANARY, PASSWORD_HASH: CANARY, LIMIT: '101', KEY: CANARY };
    const faults = faultsOf(() => parseEnv({ ...spec, NEEDED: text(), KEY: secret({ bytes: 32 }) }, env));
    expect(faults).toEqual([
      'PORT must be an integer from 0 to 65535',
      'DATABASE_URL must be a URL like postgresql://user@host/database',
      'PASSWORD_HASH must be one of bcrypt:12, argon2id',
      'LIMIT must be an integer from 1 to 100',
      'NEEDED is missing',
      'KEY must be base64 of at least 32 random bytes',
    ]);
    const { message } = new ConfigFault(faults);
    expect(message).toMatch(/^The configuration cannot be used:\n {2}PORT must be/);
    expect(message).not.toContain(CANARY);
  });

  it.each(['', '1.5', '1e3', '0x10', '-1', 'NaN', '99999999999999999999'])('rejects %p as an integer', (value) => {
    expect(faultsOf(() => parseEnv({ N: integer({ max: 1_000 }) }, { N: value }))).toHaveLength(1);
  });

  it('rethrows errors of a reader that are not about the value', () => {
    const broken = {
      read: () => {
        throw new TypeError('a bug');
      },
    };
    expect(() => parseEnv({ A: broken }, {})).toThrow(TypeError);
  });
});

describe('secret', () => {
  let folder: string;
  const file = async (content: string, mode = 0o600): Promise<string> => {
    const path = join(folder, 'secret');
    // A previous file may have a mode that forbids overwriting it.
    await rm(path, { force: true });
    await writeFile(path, content);
    await chmod(path, mode);
    return path;
  };
  const faults = (env: Record<string, string>, reader = secret({ bytes: 32 })) =>
    faultsOf(() => parseEnv({ KEY: reader }, env));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-secret-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('K-01 reads the variable or the file that NAME_FILE names', async () => {
    expect(parseEnv({ KEY: secret({ bytes: 32 }) }, { KEY: key }).KEY).toEqual(Buffer.from(key, 'base64'));
    const env = { KEY_FILE: await file(`${key.replace(/\+/g, '-').replace(/\//g, '_')}\n`, 0o440) };
    expect(parseEnv({ KEY: secret({ bytes: 32 }) }, env).KEY).toEqual(Buffer.from(key, 'base64'));
    expect(parseEnv({ KEY: optional(secret()) }, { KEY_FILE: await file('-----BEGIN PRIVATE KEY-----') }).KEY).toBe(
      '-----BEGIN PRIVATE KEY-----',
    );
    expect(parseEnv({ KEY: optional(secret()) }, {}).KEY).toBeUndefined();
  });

  it('K-01 has no default and rejects every invalid form without showing the value', async () => {
    const invalid: [Record<string, string>, RegExp][] = [
      [{}, /^KEY is missing \(it has no default; KEY_FILE may name a file instead\)$/],
      [{ KEY: ' ' }, /is missing/],
      [{ KEY: key, KEY_FILE: await file(key) }, /^KEY and KEY_FILE are both set; set one$/],
      [{ KEY_FILE: join(folder, 'absent') }, /in a file that cannot be read$/],
      [{ KEY_FILE: folder }, /in a file that (cannot be read|every user may open)/],
      [{ KEY: randomBytes(31).toString('base64') }, /at least 32 random bytes$/],
      [{ KEY: 'no base64 at all, but long enough to be a key of 32 bytes' }, /at least 32 random bytes$/],
      [{ KEY: Buffer.alloc(32, 'change-me').toString('base64') }, /is not random/],
    ];
    for (const [env, fault] of invalid) expect(faults(env)).toEqual([expect.stringMatching(fault)]);
    expect(faults({ KEY: 'short' }, secret() as never)).toEqual(['KEY is too short: at least 16 characters']);
  });

  it.each([0o644, 0o604, 0o602, 0o601])('K-01 rejects a file of mode %o, which other users may open', async (mode) => {
    expect(faults({ KEY_FILE: await file(key, mode) })).toEqual([
      'KEY is in a file that every user may open (chmod o-rwx)',
    ]);
  });

  it('K-01 rejects an empty file', async () => {
    expect(faults({ KEY_FILE: await file('\n') })).toEqual(['KEY is in a file that is empty']);
  });
});
