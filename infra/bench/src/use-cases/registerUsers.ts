import { randomBytes, randomUUID } from 'node:crypto';
import { insertSession } from '@ums/command-api/account/sessionRow';
import { type LiveCaller, liveCaller } from '@ums/command-api/authorization/liveCaller';
import { confirm } from '@ums/command-api/registration/confirm';
import { register } from '@ums/command-api/registration/register';
import type { RegistrationDeps } from '@ums/command-api/registration/registrationDeps';
import { addressMac } from '@ums/identity/addressMac';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { atLast } from '../load/atLast.js';
import { runParallel } from '../load/runParallel.js';

const PASSWORD = 'nine quiet boats at noon';

export const requestOrigin = (): RequestOrigin => ({
  requestId: randomUUID(),
  correlationId: randomUUID(),
  source: { ip: '127.0.0.1', userAgent: 'bench', bucket: '127.0.0.1' },
});

/** Registers and confirms users with the use cases. No mail is needed: the token is issued here. @returns their ids */
export const registerUsers = async (deps: RegistrationDeps, count: number): Promise<string[]> => {
  const ids: string[] = [];
  await runParallel({ count, lanes: 8 }, async () => {
    const email = `${randomUUID()}@example.org`;
    ids.push(await atLast(() => registerUser(deps, email)));
  });
  return ids;
};

const registerUser = async (deps: RegistrationDeps, email: string): Promise<string> => {
  await register(deps, { email, name: 'Ada Lovelace', password: PASSWORD }, requestOrigin());
  const token = await confirmationToken(deps, email);
  return (await confirm(deps, { token, password: PASSWORD }, requestOrigin())).userId;
};

const confirmationToken = async (
  { addressKey, clock, mailTokens, vault }: RegistrationDeps,
  email: string,
): Promise<string> => {
  const mac = addressMac(addressKey, email);
  const { rows } = await vault.query<{ id: string }>('select id from registration where address_mac = $1', [mac]);
  const expires = new Date(clock.now().getTime() + 3_600_000);
  return mailTokens.issue({ purpose: 'confirm', ids: rows.map(({ id }) => id), addressMac: mac, expires });
};

/** Starts a session for a user and confirms it, once and outside of what is measured. */
export const callerOf = ({ vault, clock }: RegistrationDeps, userId: string): Promise<LiveCaller> =>
  atLast(async () => {
    const sessionId = randomUUID();
    const [account, source, known] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const attempt = { id: '0', account, counted: account, source, known };
    await insertSession(vault, { id: sessionId, userId, epoch: 0n, attempt }, clock.now());
    return liveCaller({ vault, clock }, { userId, sessionId, roles: ['user'], epoch: 0n });
  });
