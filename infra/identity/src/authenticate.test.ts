import { describe, expect, it } from '@jest/globals';
import type { Role } from '@ums/contracts/roles';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { contextOf, requestContext } from '@ums/kit/http/request/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request, Response } from 'express';
import { AUDIENCE, ISSUER, newSigningKey, noon, SID, SUB, signerWith } from '../test/accessTokens.js';
import { accessTokenVerifier } from './access-token/accessTokenVerifier.js';
import { type AuthenticationDeps, authenticate } from './authenticate.js';

const signer = signerWith(newSigningKey());
const verifier = accessTokenVerifier({ jwks: () => signer.jwks, issuer: ISSUER, audience: AUDIENCE, clock: noon });

/** A request that passed the host, with this Authorization header. */
const requestWith = (authorization: string | undefined): Request => {
  const headers = new Map(authorization === undefined ? [] : [['authorization', authorization]]);
  const request = { ip: '127.0.0.1', socket: {}, get: (name: string) => headers.get(name) } as unknown as Request;
  requestContext(request, { set: () => undefined } as unknown as Response, () => undefined);
  return request;
};

const requestAs = (...roles: Role[]): Request =>
  requestWith(`Bearer ${signer.sign({ sub: SUB, sid: SID, roles, epoch: 7n })}`);

const revoked = (isRevoked: () => Promise<boolean>): AuthenticationDeps => ({ verifier, revocations: { isRevoked } });

describe('authenticate', () => {
  it('Z-02 returns the principal of the access token, and notes the user for the log', async () => {
    const request = requestAs('user', 'admin');
    const principal = { userId: SUB, sessionId: SID, roles: ['user', 'admin'], epoch: 7n };
    expect(await authenticate(request, ['user'], { verifier })).toEqual(principal);
    expect(contextOf(request).userId).toBe(SUB);
  });

  it.each([
    [['user'], ['user']],
    [['user', 'admin'], ['admin']],
    [['user'], ['admin', 'user']],
    [
      ['auditor', 'user'],
      ['admin', 'auditor'],
    ],
  ] as [Role[], Role[]][])(
    'Z-01 lets roles %j into a route of %j: one of the roles named suffices',
    async (held, named) => {
      await expect(authenticate(requestAs(...held), named, { verifier })).resolves.toMatchObject({ roles: held });
    },
  );

  it.each([[['user']], [['service']], [[]]] as [Role[]][])(
    'Z-01 lets roles %j into a route that names no role',
    async (held) => {
      await expect(authenticate(requestAs(...held), [], { verifier })).resolves.toMatchObject({ roles: held });
    },
  );

  it.each([
    [['user'], ['admin']],
    [
      ['auditor', 'service'],
      ['admin', 'user'],
    ],
    [[], ['user']],
  ] as [Role[], Role[]][])('Z-01 refuses roles %j on a route of %j as forbidden', async (held, named) => {
    const request = requestAs(...held);
    await expect(authenticate(request, named, { verifier })).rejects.toEqual(new Refused('forbidden'));
    expect(contextOf(request).userId).toBe(SUB);
  });

  it.each([undefined, 'Bearer nonsense'])('refuses the Authorization header %j as unauthenticated', async (header) => {
    const request = requestWith(header);
    await expect(authenticate(request, [], { verifier })).rejects.toEqual(new Refused('unauthenticated'));
    expect(contextOf(request).userId).toBeUndefined();
  });

  it('T-08 refuses a revoked token as unauthenticated, whatever its roles', async () => {
    for (const named of [[], ['user'], ['admin']]) {
      const request = requestAs('user');
      const refused = authenticate(
        request,
        named,
        revoked(async () => true),
      );
      await expect(refused).rejects.toEqual(new Refused('unauthenticated'));
    }
  });

  it('T-08 accepts a token that is not revoked, and checks the claims of that token', async () => {
    const checked: unknown[] = [];
    const revocations: AuthenticationDeps['revocations'] = {
      isRevoked: async ({ sub, sid, epoch }) => {
        checked.push({ sub, sid, epoch });
        return false;
      },
    };
    await authenticate(requestAs('user'), ['user'], { verifier, revocations });
    expect(checked).toEqual([{ sub: SUB, sid: SID, epoch: 7n }]);
  });

  it('T-08 fails while revocations cannot be checked', async () => {
    const down = new DependencyUnavailable('vault');
    const failing = authenticate(
      requestAs('user'),
      [],
      revoked(() => Promise.reject(down)),
    );
    await expect(failing).rejects.toBe(down);
  });

  it('R-11 takes a place of the user of a valid token, before it checks anything else', async () => {
    const steps: string[] = [];
    const places = {
      enter: async (_request: Request, holder: string) => void steps.push(`place of ${holder}`),
    };
    const revocations = {
      isRevoked: async () => {
        steps.push('revocation');
        return false;
      },
    };
    await authenticate(requestAs('user'), ['user'], { verifier, places, revocations });
    expect(steps).toEqual([`place of ${SUB}`, 'revocation']);
    await expect(authenticate(requestWith('Bearer nonsense'), [], { verifier, places, revocations })).rejects.toThrow();
    expect(steps).toHaveLength(2);
  });

  it('R-11 refuses a request that gets no place, checks nothing for it, and notes the user for the log', async () => {
    const refusal = new Refused('too-many-requests');
    const places = { enter: () => Promise.reject(refusal) };
    const request = requestAs('user');
    const isRevoked = () => Promise.reject(new Error('asked'));
    await expect(authenticate(request, [], { verifier, places, revocations: { isRevoked } })).rejects.toBe(refusal);
    expect(contextOf(request).userId).toBe(SUB);
  });
});
