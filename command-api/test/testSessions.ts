import { generateKeyPairSync } from 'node:crypto';
import { accessTokenSigner } from '@ums/identity/access-token/accessTokenSigner';
import { type AccessTokenVerifier, accessTokenVerifier } from '@ums/identity/access-token/accessTokenVerifier';
import type { Principal } from '@ums/identity/principal';
import { causedBy } from '@ums/kit/facts/cause';
import { changeUser } from '../src/change/changeUser.js';
import { createRefreshTokens } from '../src/session/refreshTokens.js';
import type { SessionDeps } from '../src/session/sessionDeps.js';
import { decide, type UserCommand } from '../src/user/decide.js';
import { requestOrigin, type TestCommands, testCommands } from './testCommands.js';

export type TestSessions = TestCommands & SessionDeps & { verifier: AccessTokenVerifier };

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** Test dependencies of the use cases that start, refresh and end sessions. */
export const testSessions = async (): Promise<TestSessions> => {
  const commands = await testCommands();
  const { clock } = commands;
  const names = { issuer: 'http://localhost', audience: 'users' };
  const accessTokens = accessTokenSigner({ ...names, privateKeyPem, ttlSeconds: 600, clock });
  const verifier = accessTokenVerifier({ ...names, jwks: () => accessTokens.jwks, clock });
  const refreshTokens = createRefreshTokens(Buffer.alloc(32, 5));
  const tokens = { accessTokens, verifier, refreshTokens };
  return {
    ...commands,
    ...tokens,
    refreshGraceSeconds: 30,
    countLogin: () => undefined,
    pictureUrls: async () => ({}),
  };
};

export const principalIn = async ({ verifier }: TestSessions, accessToken: string): Promise<Principal> => {
  const { sub: userId, sid: sessionId, roles, epoch } = await verifier.verify(`Bearer ${accessToken}`);
  return { userId, sessionId, roles, epoch };
};

/** Applies a command to a user's stream, as a use case would. */
export const applyCommand = (deps: TestCommands, userId: string, userCommand: UserCommand) =>
  changeUser(deps, {
    userId,
    decide: (state) => decide(userCommand, state),
    cause: causedBy(requestOrigin(), { kind: 'user', id: userId }),
  });

export const sessionRows = async ({ vault }: TestCommands) =>
  (await vault.query('select * from session order by started_at')).rows;
