import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

const SECRET_BYTES = 32;
/** What precedes the secret bytes of an Ed25519 key in PKCS #8 (RFC 8410, 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** C2SP signed-note: the type of an Ed25519 key. */
const ED25519_TYPE = Buffer.from([1]);
const VERIFIER_KEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/;

export const KEY_FAULT = `must be an Ed25519 key: PKCS #8 in PEM, or its ${SECRET_BYTES} secret bytes in base64`;
export const FORMER_KEYS_FAULT = `${KEY_FAULT}, or its public half in PEM, or one or more lines of /.well-known/notary-keys`;

/** The key that signs; `undefined` for a text of another form. */
export const secretKeyOf = (text: string): KeyObject | undefined => parseKey(text, createPrivateKey);

/** Former keys: one in the same forms or as a public key in PEM, or any number of C2SP verifier keys, one a line. */
export const formerKeysOf = (text: string): KeyObject[] | undefined => {
  const lines = linesOf(text).map(fromVerifierKey);
  const publicKeys = lines.filter((key) => key !== undefined);
  if (lines.length > 0 && publicKeys.length === lines.length) return publicKeys;
  const key = parseKey(text, createPublicKey);
  return key && [key];
};

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A public key under a name: its C2SP key hash, and its verifier key. */
export const publicFormsOf = (name: string, object: KeyObject): { keyHash: Buffer; line: string } => {
  const { x = '' } = object.export({ format: 'jwk' });
  const typed = Buffer.concat([ED25519_TYPE, Buffer.from(x, 'base64url')]);
  const keyHash = keyHashOf(name, typed);
  return { keyHash, line: `${name}+${keyHash.toString('hex')}+${typed.toString('base64')}` };
};

const keyHashOf = (name: string, typed: Buffer): Buffer =>
  createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);

const fromVerifierKey = (line: string): KeyObject | undefined => {
  const [, name = '', keyHash, base64 = ''] = VERIFIER_KEY.exec(line) ?? [];
  const typed = Buffer.from(base64, 'base64');
  if (typed[0] !== ED25519_TYPE[0] || keyHashOf(name, typed).toString('hex') !== keyHash) return undefined;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
};

const parseKey = (text: string, readPem: (pem: string) => KeyObject): KeyObject | undefined => {
  try {
    const key = text.includes('-----BEGIN') ? readPem(onlyOne(text)) : fromSecret(text.trim());
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    // The errors of OpenSSL differ between versions and say less than the sentence for the operator.
    return undefined;
  }
};

/** OpenSSL reads the first of several, and ignores the others. */
const onlyOne = (pem: string): string => {
  if (pem.split('-----BEGIN').length > 2) throw new RangeError('more than one key');
  return pem;
};

const fromSecret = (text: string): KeyObject => {
  // Node stops at the padding of the first of several.
  if (/\s/.test(text)) throw new RangeError('more than one key');
  const secret = Buffer.from(text, 'base64');
  if (secret.length !== SECRET_BYTES) throw new RangeError('not 32 bytes');
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: 'der', type: 'pkcs8' });
};
