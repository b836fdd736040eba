import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { accessTokenSigner } from '@ums/identity/access-token/accessTokenSigner';

export const ISSUER = 'https://id.example.org';
export const AUDIENCE = 'user-management';
export const SUB = '0199c0de-0000-4000-8000-000000000001';
export const SID = '0199c0de-0000-4000-8000-000000000002';
export const NOON = new Date('2026-01-01T12:00:00.000Z');

export const noon = { now: (): Date => NOON };

export const pemOf = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }).toString();

/** A P-256 private key, PEM, new for each call. */
export const newSigningKey = (): string => pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);

export const signerWith = (privateKeyPem: string, previousKeysPem: string[] = []) =>
  accessTokenSigner({
    privateKeyPem,
    previousKeysPem,
    issuer: ISSUER,
    audience: AUDIENCE,
    ttlSeconds: 600,
    clock: noon,
  });
