import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { StartRefused } from '@ums/kit/startRefused';
import { checkpointText, formatNote, type SignedNote, type TreeHead } from './signedNote.js';

/** The keys of the notary under one name. */
export interface NotaryKeys {
  /** A signed note of a checkpoint. @throws RangeError when its origin is not the name of the keys */
  signed(head: TreeHead): string;
  /** A signed note of any other text, which ends with a line feed and must not be the text of a checkpoint. */
  signedNote(text: string): string;
  /** Whether a note has a good signature of one of the keys. */
  verifies(note: SignedNote): boolean;
  /** The public keys as C2SP verifier keys; the one that signs first. */
  verifierKeys: readonly string[];
}

export interface NotaryKeysOptions {
  /** Name of the keys, and the origin of the checkpoints they sign. */
  name: string;
  /** Ed25519: a private key in PKCS #8 PEM, or its 32 secret bytes in base64 or base64url. */
  key: string;
  /** The former key, in the same forms or as a public key in PEM: its checkpoints are still accepted, and it is published. */
  previousKey?: string | undefined;
}

interface PublicKey {
  object: KeyObject;
  keyHash: Buffer;
  line: string;
}

const ED25519_TYPE = Buffer.from([1]);
/** What precedes the secret bytes of an Ed25519 key in PKCS #8 (RFC 8410, 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SECRET_BYTES = 32;

/** C2SP signed-note: a key name has neither white space nor a plus. */
export const isKeyName = (name: string): boolean => /^[^\s+]{1,200}$/.test(name);
export const KEY_NAME_FAULT = 'must have at most 200 characters, and neither white space nor a plus';
export const KEY_FAULT = `must be an Ed25519 key: PKCS #8 in PEM, or its ${SECRET_BYTES} secret bytes in base64`;

/** @throws StartRefused for a name or key of another form. */
export const notaryKeys = ({ name, key, previousKey }: NotaryKeysOptions): NotaryKeys => {
  if (!isKeyName(name)) throw new StartRefused(`NOTARY_ORIGIN ${KEY_NAME_FAULT}.`);
  const secret = required(secretKeyOf(key), 'NOTARY_KEY');
  const current = publicKeyOf(name, secret);
  const previous = previousKey && publicKeyOf(name, required(anyKeyOf(previousKey), 'NOTARY_KEY_PREVIOUS'));
  const keys = previous && previous.line !== current.line ? [current, previous] : [current];
  const signedNote = (text: string): string => {
    const signature = sign(null, Buffer.from(text), secret);
    return formatNote(text, [{ name, keyHash: current.keyHash, signature }]);
  };
  return {
    verifierKeys: keys.map(({ line }) => line),
    signed: (head) => {
      if (head.origin !== name) throw new RangeError('a checkpoint of another log is not signed');
      return signedNote(checkpointText(head));
    },
    signedNote,
    verifies: ({ text, signatures }) =>
      signatures.some((one) =>
        keys.some(
          ({ object, keyHash }) =>
            one.name === name && one.keyHash.equals(keyHash) && verify(null, Buffer.from(text), object, one.signature),
        ),
      ),
  };
};

/** The key that signs; `undefined` for a text of another form. */
export const secretKeyOf = (text: string): KeyObject | undefined => parseKey(text, createPrivateKey);

/** The same of a former key, which may also be a public key in PEM. */
export const anyKeyOf = (text: string): KeyObject | undefined => parseKey(text, createPublicKey);

const parseKey = (text: string, readPem: (pem: string) => KeyObject): KeyObject | undefined => {
  try {
    const key = text.includes('-----BEGIN') ? readPem(text) : fromSecret(text);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    // The errors of OpenSSL differ between versions and say less than the sentence for the operator.
    return undefined;
  }
};

const required = (key: KeyObject | undefined, variable: string): KeyObject => {
  if (key === undefined) throw new StartRefused(`${variable} ${KEY_FAULT}.`);
  return key;
};

const fromSecret = (text: string): KeyObject => {
  const secret = Buffer.from(text, 'base64');
  if (secret.length !== SECRET_BYTES) throw new RangeError('not 32 bytes');
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: 'der', type: 'pkcs8' });
};

const publicKeyOf = (name: string, key: KeyObject): PublicKey => {
  const object = key.type === 'private' ? createPublicKey(key) : key;
  const { x = '' } = object.export({ format: 'jwk' });
  const typed = Buffer.concat([ED25519_TYPE, Buffer.from(x, 'base64url')]);
  const keyHash = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  return { object, keyHash, line: `${name}+${keyHash.toString('hex')}+${typed.toString('base64')}` };
};
