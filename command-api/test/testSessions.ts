import { generateKeyPairSync } from 'node:crypto';
import { accessTokenSigner } from '@ums/identity/access-token/sign';
import { type AccessTokenVerifier, accessTokenVerifier } from '@ums/identity/access-token/verify';
import type { Principal } from '@ums/identity/principal';
import { causedBy } from '@ums/kit/facts/cause';
import { changeUser } from '../src/change/changeUser.js';
import type { SessionDeps } from '../src/commandDeps.js';
import { createRefreshTokens } from '../src/session/refreshTokens.js';
import { decide } from '../src/user/decide.js';
import type { UserCommand } from '../src/user/userCommand.js';
import { caller, type TestCommands, testCommands } from './testCommands.js';

export type TestSessions = TestCommands & SessionDeps & { verifier: AccessTokenVerifier };

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** What sessions need on top of the other use cases. */
export const withSessions = (commands: TestCommands): TestSessions => {
  const { clock } = commands;
  const names = { issuer: 'http://localhost', audience: 'users' };
  const accessTokens = accessTokenSigner({ ...names, privateKeyPem, ttlSeconds: 600, clock });
  const verifier = accessTokenVerifier({ ...names, jwks: () => accessTokens.jwks, clock });
  return { ...commands, accessTokens, verifier, refreshTokens: createRefreshTokens(Buffer.alloc(32, 5)) };
};

export const testSessions = async (): Promise<TestSessions> => withSessions(await testCommands());

export const principalIn = async ({ verifier }: TestSessions, accessToken: string): Promise<Principal> => {
  const { sub: userId, sid: sessionId, roles, epoch } = await verifier.verify(`Bearer ${accessToken}`);
  return { userId, sessionId, roles, epoch };
};

/** Has a user's stream decide and take a command, as its use case would. */
export const command = (deps: TestCommands, userId: string, asked: UserCommand) =>
  changeUser(deps, {
    userId,
    decide: (state) => decide(asked, state),
    cause: causedBy(caller(), { kind: 'user', id: userId }),
  });

export const sessionRows = async ({ vault }: TestCommands) =>
  (await vault.query('select * from session order by started_at')).rows;
