import { describe, expect, it } from '@jest/globals';
import { Refused } from '@ums/kit/refused';
import { AUDIENCE, ISSUER, NOON, newSigningKey, SID, SUB, signerWith } from '../../test/accessTokens.js';
import { accessTokenVerifier } from './accessTokenVerifier.js';
import type { JwkSet } from './jwkSet.js';
import { verifiedTokens } from './verifiedTokens.js';

const signer = signerWith(newSigningKey());
const authorization = `Bearer ${signer.sign({ sub: SUB, sid: SID, roles: ['user'], epoch: 7n })}`;
const refused = new Refused('unauthenticated');

/** A verifier whose time and keys a test sets. */
const verifier = () => {
  let now = NOON;
  let keys: JwkSet = signer.jwks;
  const options = { issuer: ISSUER, audience: AUDIENCE, clock: { now: () => now }, jwks: () => keys };
  return {
    ...accessTokenVerifier(options),
    at: (seconds: number) => {
      now = new Date(NOON.getTime() + seconds * 1_000);
    },
    withKeys: (next: JwkSet) => {
      keys = next;
    },
  };
};

describe('a token that was verified before', () => {
  it('T-04 is refused once it has expired, and before its time when the clock is set back', async () => {
    const { verify, at } = verifier();
    const claims = await verify(authorization);
    at(629);
    expect(await verify(authorization)).toBe(claims);
    at(630);
    await expect(verify(authorization)).rejects.toEqual(refused);
    at(0);
    expect(await verify(authorization)).toEqual(claims);
    at(-31);
    await expect(verify(authorization)).rejects.toEqual(refused);
  });

  it('K-03 is refused once its key is withdrawn, and verified again when the key set was replaced', async () => {
    const { verify, withKeys } = verifier();
    const claims = await verify(authorization);
    withKeys({ keys: [] });
    await expect(verify(authorization)).rejects.toEqual(refused);
    withKeys({ keys: [...signer.jwks.keys] });
    expect(await verify(authorization)).toEqual(claims);
  });

  it('T-01 vouches for no other bytes', async () => {
    const { verify } = verifier();
    await verify(authorization);
    const [head, payload, signature] = authorization.split('.');
    const forged = [head, payload, `${signature?.startsWith('A') ? 'B' : 'A'}${signature?.slice(1)}`].join('.');
    await expect(verify(forged)).rejects.toEqual(refused);
  });

  it('R-07 is kept under one name, however many blanks its header has', async () => {
    const { verify } = verifier();
    const claims = await verify(authorization);
    for (const blanks of [2, 7_000]) expect(await verify(authorization.replace(' ', ' '.repeat(blanks)))).toBe(claims);
  });

  it('R-07 is forgotten when too many come after it', () => {
    const tokens = verifiedTokens(2);
    const claims = { sub: SUB, sid: SID, roles: [], epoch: 0n, jti: SID, iat: 0, exp: 600 };
    for (const token of ['a', 'b', 'c']) tokens.add(token, { kid: 'k', keys: { keys: [] }, claims });
    expect(['a', 'b', 'c'].map((token) => tokens.find(token, 1) !== undefined)).toEqual([false, true, true]);
  });
});
