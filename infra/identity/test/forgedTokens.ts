import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Jwk } from '@ums/identity/access-token/jwkSet';
import { AUDIENCE, ISSUER, NOON, pemOf, SID, SUB } from './accessTokens.js';

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8').toString('base64url');

const SECONDS = NOON.getTime() / 1000;

const signed = (header: unknown, payload: unknown, key: KeyObject): string => {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createSign('sha256').update(input).sign({ key, dsaEncoding: 'ieee-p1363' }, 'base64url')}`;
};

const hmac = (header: unknown, payload: unknown, key: string, hash = 'sha256'): string => {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`;
};

/** Authorization headers that must all be refused alike, by their fault. `key`, `publicKey` and `jwk` are those of the real signer. */
export const forgedTokens = (key: KeyObject, publicKey: KeyObject, jwk: Jwk): Record<string, string | undefined> => {
  const header = { alg: 'ES256', typ: 'at+jwt', kid: jwk.kid };
  const claims = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: SUB,
    sid: SID,
    roles: ['user'],
    epoch: '0',
    jti: '0199c0de-0000-4000-8000-000000000003',
    iat: SECONDS,
    exp: SECONDS + 600,
  };
  const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const good = signed(header, claims, key);
  const [head = '', body = '', signature = ''] = good.split('.');
  const withHeader = (change: object): string => `Bearer ${signed({ ...header, ...change }, claims, key)}`;
  const withClaims = (change: object): string => `Bearer ${signed(header, { ...claims, ...change }, key)}`;
  const without = (name: keyof typeof claims): string => {
    const { [name]: _removed, ...rest } = claims;
    return `Bearer ${signed(header, rest, key)}`;
  };
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });

  return {
    'no header': undefined,
    'an empty header': '',
    'the scheme only': 'Bearer',
    'the scheme and a space': 'Bearer ',
    'no scheme': good,
    'another scheme': `Basic ${good}`,
    'a tab': `Bearer\t${good}`,
    'text after the token': `Bearer ${good} x`,
    'two tokens': `Bearer ${good}, Bearer ${good}`,
    'a comma list': `Bearer ${good},${good}`,
    'two parts': `Bearer ${head}.${body}`,
    'four parts': `Bearer ${good}.${signature}`,
    'an empty signature': `Bearer ${head}.${body}.`,
    'a shortened signature': `Bearer ${good.slice(0, -1)}`,
    'a signature of zeros': `Bearer ${head}.${body}.${'A'.repeat(86)}`,
    'a signature of ones': `Bearer ${head}.${body}.${Buffer.alloc(64, 255).toString('base64url')}`,
    'standard base64': `Bearer ${head}.${body}.${signature.slice(0, -1)}+`,
    padding: `Bearer ${good}==`,
    'a header that is not JSON': `Bearer ${encode('{')}.${body}.${signature}`,
    'a header that is an array': `Bearer ${signed([header], claims, key)}`,
    'a header that is null': `Bearer ${signed('null', claims, key)}`,
    'a payload that is a string': `Bearer ${signed(header, '"claims"', key)}`,
    'a payload that is not JSON': `Bearer ${signed(header, '{"sub":', key)}`,
    'alg none': withHeader({ alg: 'none' }),
    'alg None without signature': `Bearer ${encode({ ...header, alg: 'None' })}.${body}.`,
    'alg nOnE': withHeader({ alg: 'nOnE' }),
    'HS256 with the public key as secret': `Bearer ${hmac({ ...header, alg: 'HS256' }, claims, pemOf(publicKey))}`,
    'HS256 with the JWK as secret': `Bearer ${hmac({ ...header, alg: 'HS256' }, claims, JSON.stringify(jwk))}`,
    'HS512 with an empty secret': `Bearer ${hmac({ ...header, alg: 'HS512' }, claims, '', 'sha512')}`,
    'ES256 in the header, signed with HMAC': `Bearer ${hmac(header, claims, pemOf(publicKey), 'sha512')}`,
    'ES384 of another key': `Bearer ${signed({ ...header, alg: 'ES384' }, claims, p384.privateKey)}`,
    'RS256 of another key': `Bearer ${signed({ ...header, alg: 'RS256' }, claims, rsa.privateKey)}`,
    'PS256 in the header': withHeader({ alg: 'PS256' }),
    'another key under our kid': `Bearer ${signed(header, claims, otherKey.privateKey)}`,
    'its own jwk': `Bearer ${signed({ ...header, jwk: otherKey.publicKey.export({ format: 'jwk' }) }, claims, otherKey.privateKey)}`,
    'a jku': withHeader({ jku: 'https://evil.example/keys' }),
    'an x5u': withHeader({ x5u: 'https://evil.example/cert' }),
    'an x5c': withHeader({ x5c: ['MIIB'] }),
    'a crit': withHeader({ crit: ['exp'] }),
    'no kid': `Bearer ${signed({ alg: 'ES256', typ: 'at+jwt' }, claims, key)}`,
    'an unknown kid': withHeader({ kid: 'unknown' }),
    'a kid that is a path': withHeader({ kid: '../../../../dev/null' }),
    'a kid that is SQL': withHeader({ kid: "' or '1'='1" }),
    'a kid of 10 kB': withHeader({ kid: 'k'.repeat(10_000) }),
    'a kid that is an object': withHeader({ kid: { toString: 'k' } }),
    'a kid of Object.prototype': withHeader({ kid: '__proto__' }),
    'typ JWT': withHeader({ typ: 'JWT' }),
    'no typ': `Bearer ${signed({ alg: 'ES256', kid: jwk.kid }, claims, key)}`,
    'typ as media type': withHeader({ typ: 'application/at+jwt' }),
    'a repeated alg': `Bearer ${signed(`{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"${jwk.kid}"}`, claims, key)}`,
    'a repeated sub': `Bearer ${signed(header, JSON.stringify(claims).replace('{', `{"sub":"${SID}",`), key)}`,
    'more than 8 kB': `Bearer ${signed(header, { ...claims, pad: 'p'.repeat(9_000) }, key)}`,
    'another issuer': withClaims({ iss: 'https://evil.example' }),
    'another audience': withClaims({ aud: 'other' }),
    'a list of audiences': withClaims({ aud: [AUDIENCE, 'other'] }),
    expired: withClaims({ iat: SECONDS - 700, exp: SECONDS - 31 }),
    'issued in the future': withClaims({ iat: SECONDS + 31, exp: SECONDS + 600 }),
    'not yet valid': withClaims({ nbf: SECONDS + 3_600 }),
    'a lifetime that is too long': withClaims({ exp: SECONDS + 601 }),
    'an exp that is text': withClaims({ exp: String(SECONDS + 600) }),
    'an exp beyond numbers': `Bearer ${signed(header, JSON.stringify(claims).replace(`${SECONDS + 600}`, '1e400'), key)}`,
    'a sub that is a number': withClaims({ sub: 1 }),
    'a sub that is not an id': withClaims({ sub: 'admin' }),
    'an unknown role': withClaims({ roles: ['root'] }),
    'roles as text': withClaims({ roles: 'admin' }),
    'a negative epoch': withClaims({ epoch: '-1' }),
    'an epoch that is a number': withClaims({ epoch: 0 }),
    'an unknown claim': withClaims({ scope: 'all' }),
    'no iss': without('iss'),
    'no aud': without('aud'),
    'no sub': without('sub'),
    'no sid': without('sid'),
    'no roles': without('roles'),
    'no epoch': without('epoch'),
    'no jti': without('jti'),
    'no iat': without('iat'),
    'no exp': without('exp'),
  };
};
