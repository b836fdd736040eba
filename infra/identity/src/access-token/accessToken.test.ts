import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { BASE_PROBLEMS, problemHandler } from '@ums/kit/http/problem/problems';
import { requestContext } from '@ums/kit/http/request/requestContext';
import { silentLog } from '@ums/kit/log';
import { Refused } from '@ums/kit/refused';
import { StartRefused } from '@ums/kit/startRefused';
import express from 'express';
import fc from 'fast-check';
import { AUDIENCE, ISSUER, NOON, newSigningKey, noon, pemOf, SID, SUB, signerWith } from '../../test/accessTokens.js';
import { forgedTokens } from '../../test/forgedTokens.js';
import { accessTokenSigner } from './accessTokenSigner.js';
import { accessTokenVerifier } from './accessTokenVerifier.js';
import type { JwkSet } from './jwkSet.js';

const privateKeyPem = newSigningKey();
const signer = signerWith(privateKeyPem);
const grant = { sub: SUB, sid: SID, roles: ['user', 'admin'] as const, epoch: 7n };

const verifierAt = (now: Date, jwks: () => JwkSet | Promise<JwkSet> = () => signer.jwks) =>
  accessTokenVerifier({ jwks, issuer: ISSUER, audience: AUDIENCE, clock: { now: () => now } });
const verifier = verifierAt(NOON);
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);

const privateKey = createPrivateKey(privateKeyPem);
const [jwk] = signer.jwks.keys;
if (jwk === undefined) throw new Error('the signer publishes no key');
const forged = forgedTokens(privateKey, createPublicKey(privateKeyPem), jwk);

describe('access tokens', () => {
  it('T-02 carry user, session, roles and epoch, and nothing personal', async () => {
    const token = signer.sign(grant);
    const claims = await verifier.verify(`Bearer ${token}`);
    const iat = NOON.getTime() / 1000;
    expect(claims).toEqual({ ...grant, jti: expect.any(String), iat, exp: iat + 600 });
    const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    expect(JSON.parse(header ?? '')).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: jwk.kid });
    expect(Object.keys(JSON.parse(payload ?? '')).sort()).toEqual(
      ['aud', 'epoch', 'exp', 'iat', 'iss', 'jti', 'roles', 'sid', 'sub'].sort(),
    );
    for (const scheme of ['bearer ', 'BEARER ', 'Bearer  ', `Bearer${' '.repeat(9)}`])
      expect(await verifier.verify(scheme + token)).toEqual(claims);
  });

  it.each(Object.entries(forged))('T-01 refuses a forged token: %s', async (_fault, authorization) => {
    await expect(verifier.verify(authorization)).rejects.toEqual(new Refused('unauthenticated'));
  });

  it('T-01 answers all forged tokens with 401 and the same body, and says so where a token was sent', async () => {
    const app = express().use(requestContext);
    app.use(async (request, response) => {
      response.json(await verifier.verify(request.get('authorization')));
    });
    app.use(problemHandler({ problems: BASE_PROBLEMS, publicUrl: ISSUER, log: silentLog }));
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const bodies = new Set<string>();
    for (const authorization of Object.values(forged)) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers });
      expect(answer.status).toBe(401);
      const isSent = /^Bearer +\S/.test(authorization ?? '');
      expect(answer.headers.get('www-authenticate')).toBe(isSent ? 'Bearer error="invalid_token"' : 'Bearer');
      const { requestId, ...body } = (await answer.json()) as Record<string, unknown>;
      expect(requestId).toEqual(expect.any(String));
      bodies.add(JSON.stringify(body));
    }
    await new Promise((resolve) => server.close(resolve));
    expect([...bodies]).toHaveLength(1);
    expect(Object.keys(forged).length).toBeGreaterThan(40);
  });

  it('T-01 refuses any other text in the header', async () => {
    const part = fc.string({ maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(part, part, part, async (a, b, c) => {
        await expect(verifier.verify(`Bearer ${a}.${b}.${c}`)).rejects.toBeInstanceOf(Refused);
      }),
    );
  });

  it('T-01 refuses a token with one character changed, the last included', async () => {
    const token = signer.sign(grant);
    const indexes = Array.from({ length: token.length }, (_none, index) => index).filter((index) => index % 7 === 0);
    for (const index of [...indexes, token.length - 1]) {
      const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const next = digits[(digits.indexOf(token[index] ?? '') + 1) % 64];
      const changed = token.slice(0, index) + next + token.slice(index + 1);
      await expect(verifier.verify(`Bearer ${changed}`)).rejects.toEqual(new Refused('unauthenticated'));
    }
  });

  it('T-04 is valid for its lifetime, with 30 s tolerance for clocks that differ', async () => {
    const authorization = `Bearer ${signer.sign(grant)}`;
    await verifierAt(later(629)).verify(authorization);
    await expect(verifierAt(later(631)).verify(authorization)).rejects.toBeInstanceOf(Refused);
    await verifierAt(later(-29)).verify(authorization);
    await expect(verifierAt(later(-31)).verify(authorization)).rejects.toBeInstanceOf(Refused);
  });

  it('K-03 stay valid after a key change while the old key is published', async () => {
    const before = signer.sign(grant);
    const next = signerWith(newSigningKey(), [privateKeyPem]);
    expect(next.jwks.keys).toHaveLength(2);
    const rotated = verifierAt(NOON, () => next.jwks);
    await rotated.verify(`Bearer ${before}`);
    await rotated.verify(`Bearer ${next.sign(grant)}`);
    await expect(verifier.verify(`Bearer ${next.sign(grant)}`)).rejects.toBeInstanceOf(Refused);
  });

  it('are verified with published keys that contain no private part', () => {
    expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('fail with the error of the key source when it is down', async () => {
    const down = new Error('down');
    const unreachable = verifierAt(NOON, () => Promise.reject(down));
    await expect(unreachable.verify(`Bearer ${signer.sign(grant)}`)).rejects.toBe(down);
  });

  it('are refused when the published key has another curve', async () => {
    const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
    const odd = { keys: [{ ...jwk, crv: 'P-384', x, y }] } as unknown as JwkSet;
    await expect(verifierAt(NOON, () => odd).verify(`Bearer ${signer.sign(grant)}`)).rejects.toBeInstanceOf(Refused);
  });
});

describe('accessTokenSigner', () => {
  const options = { privateKeyPem, issuer: ISSUER, audience: AUDIENCE, ttlSeconds: 600, clock: noon };

  it('T-03 refuses to start with a key of another kind', () => {
    const wrong = [
      'no key',
      pemOf(createPublicKey(privateKeyPem)),
      pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
      pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
      pemOf(generateKeyPairSync('ed25519').privateKey),
    ];
    for (const pem of wrong) {
      const start = () => accessTokenSigner({ ...options, privateKeyPem: pem });
      expect(start).toThrow(StartRefused);
      expect(start).toThrow('ACCESS_TOKEN_KEY must be a private key of EC P-256 in PEM.');
    }
  });

  it('T-04 refuses a lifetime above ten minutes', () => {
    expect(() => accessTokenSigner({ ...options, ttlSeconds: 601 })).toThrow(StartRefused);
    expect(() => accessTokenSigner({ ...options, ttlSeconds: 0 })).toThrow(StartRefused);
  });
});
