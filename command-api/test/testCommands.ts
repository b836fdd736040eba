import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { addressMac } from '@ums/identity/addressMac';
import { mailTokens } from '@ums/identity/mail-token/mailToken';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import type { Clock } from '@ums/kit/clock';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { silentLog } from '@ums/kit/log';
import { Refused } from '@ums/kit/refused';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import type pg from 'pg';
import { type MemoryEventLog, memoryEventLog } from '../../infra/kit/test/memoryEventLog.js';
import { type MemoryObjectStorage, memoryObjectStorage } from '../../infra/kit/test/memoryObjectStorage.js';
import { type TestClock, testClock } from '../../infra/kit/test/testClock.js';
import type { CrashPoint } from '../src/account/factDeps.js';
import type { LiveCallerWith } from '../src/authorization/liveCaller.js';
import type { Passwords } from '../src/credentials/passwords.js';
import type { StartedAttempt } from '../src/limits/buckets.js';
import { type CredentialLimits, createCredentialLimits } from '../src/limits/credentialLimits.js';
import type { LimitSettings } from '../src/limits/limitSettings.js';
import { confirm } from '../src/registration/confirm.js';
import { register } from '../src/registration/register.js';
import type { RegistrationDeps } from '../src/registration/registrationDeps.js';
import { loadUser } from '../src/user/loadUser.js';
import { testVault } from './testVault.js';

/** Dependencies of use cases: a real vault, an in-memory event log, and password hashing that costs nothing. */
export type TestCommands = RegistrationDeps & {
  eventLog: MemoryEventLog;
  objects: MemoryObjectStorage;
  clock: TestClock;
  url: string;
  /** Throws `Crashed` after the named step, the next `times` times. @default 1 */
  crashAfter(step: Parameters<CrashPoint>[0], times?: number): void;
  close(): Promise<void>;
};

export class Crashed extends Error {}

export const PASSWORD = 'correct horse battery staple';

export const testCommands = async (): Promise<TestCommands> => {
  const { pool, url, close } = await testVault();
  const eventLog = memoryEventLog();
  const clock = testClock();
  const testMasterKeys = masterKeys('a master key for tests only, 32 bytes');
  let crash: { step: string; times: number } | undefined;
  return {
    ...{ vault: pool, url, eventLog, clock, masterKeys: testMasterKeys, log: silentLog },
    objects: memoryObjectStorage(() => clock.now()),
    keys: vaultDataKeys({ pool, masterKeys: testMasterKeys, clock }),
    addressKey: createSecretKey(Buffer.alloc(32, 7)),
    mailTokens: mailTokens(Buffer.alloc(32, 9)),
    passwords: plainPasswords,
    limits: noLimits(pool, clock),
    logId: await logIdentity(eventLog),
    crashPoint: (step) => {
      if (crash?.step !== step || crash.times === 0) return;
      crash.times -= 1;
      throw new Crashed(step);
    },
    crashAfter: (step, times = 1) => {
      crash = { step, times };
    },
    close,
  };
};

/** The password in hex behind a random prefix: two hashes of one password differ, as real ones do. */
const plainPasswords: Passwords = {
  validate: (text, _, field = 'password') => {
    if (text.length >= 15) return text.normalize('NFC');
    throw new Refused('validation-failed', { errors: [{ field, message: 'is too short' }] });
  },
  hash: async (accepted) => `hashed:${randomBytes(6).toString('hex')}:${Buffer.from(accepted).toString('hex')}`,
  verify: async (text, stored) => stored?.split(':')[2] === Buffer.from(text).toString('hex'),
  isOutdated: () => false,
};

/** Counts no attempts. @param settings of the mail limits; by default all mails are allowed */
export const noLimits = (vault: pg.Pool, clock: Clock, settings: Partial<LimitSettings> = {}): CredentialLimits => ({
  attempt: (_, check) => check(),
  attemptThen: async (_, check, passed) => ((await check()) ? passed(NO_ATTEMPT) : undefined),
  trustSource: async () => undefined,
  allowMail: createCredentialLimits({
    vault,
    clock,
    addressKey: createSecretKey(Buffer.alloc(32)),
    settings: { ...NO_LIMITS, ...settings },
  }).allowMail,
});

/** An attempt that has no row. */
export const NO_ATTEMPT: StartedAttempt = {
  ...{ id: '0', account: randomBytes(32), counted: randomBytes(32), source: randomBytes(32), known: randomBytes(32) },
  clear: async () => undefined,
};
const NO_LIMITS: LimitSettings = {
  ...{ failuresPerAccountAndSource: 1e6, failuresPerAccount: 1e6, failuresPerSource: 1e6 },
  ...{ mailsPerAddressAndSource: 1e6, mailsPerAddress: 1e6, mailsPerSource: 1e6 },
};

export const requestOrigin = (ip = '192.0.2.7'): RequestOrigin => ({
  requestId: randomUUID(),
  correlationId: randomUUID(),
  source: { ip, userAgent: 'curl/8', bucket: ip },
});

export const addressMacOf = (deps: RegistrationDeps, email: string): Buffer => addressMac(deps.addressKey, email);

/** Registers an address. @returns the token that would be mailed. */
export const registrationToken = async (
  deps: RegistrationDeps,
  email: string,
  password = PASSWORD,
  origin = requestOrigin(),
): Promise<string> => {
  await register(deps, { email, name: 'Ada Lovelace', password }, origin);
  return tokenFor(deps, await newestRegistration(deps, email), email);
};

export const newestRegistration = async (deps: RegistrationDeps, email: string): Promise<string> => {
  const { rows } = await deps.vault.query<{ id: string }>(
    'select id from registration where address_mac = $1 order by requested_at desc limit 1',
    [addressMacOf(deps, email)],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('no registration for this address');
  return row.id;
};

export const tokenFor = (deps: RegistrationDeps, registrationId: string, email: string, expires?: Date): string =>
  deps.mailTokens.issue({
    ...{ purpose: 'confirm', ids: [registrationId], addressMac: addressMacOf(deps, email) },
    expires: expires ?? new Date(deps.clock.now().getTime() + 86_400_000),
  });

/** Registers and confirms a user. @returns the user id. */
export const confirmedUser = async (deps: RegistrationDeps, email: string, password = PASSWORD): Promise<string> => {
  const token = await registrationToken(deps, email, password);
  return (await confirm(deps, { token, password }, requestOrigin())).userId;
};

export const stateOf = async (deps: RegistrationDeps, userId: string) => (await loadUser(deps, userId)).state;

export const accountOfUser = async (deps: RegistrationDeps, userId: string) =>
  (await deps.vault.query('select * from account where user_id = $1', [userId])).rows[0];

/** Events of the log as `<stream category> <type>`, without the event that identifies the log. */
export const appendedEvents = ({ eventLog }: TestCommands): string[] =>
  eventLog.events
    .filter(({ type }) => type !== 'LogIdentified')
    .map(({ stream, type }) => `${stream.split('-')[0]} ${type}`);

/** A caller who passed the session check, for tests of use cases that need no session. */
export const liveCallerOf = (userId: string): LiveCallerWith<'admin'> =>
  ({
    userId,
    sessionId: userId,
    roles: ['user', 'admin'],
    epoch: 0n,
    sessionEpoch: 2n ** 62n,
  }) as unknown as LiveCallerWith<'admin'>;

/** Like {@link liveCallerOf}, for use cases that confirm the caller after hashing or under a lock. */
export const confirmCallerAs = (userId: string) => async () => liveCallerOf(userId);
