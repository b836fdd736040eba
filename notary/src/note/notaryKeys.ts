import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { StartRefused } from '@ums/kit/startRefused';
import { FORMER_KEYS_FAULT, formerKeysOf, KEY_FAULT, publicFormsOf, secretKeyOf } from './keyForms.js';
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
  /**
   * The former key, in the same forms or its public half in PEM, or the public halves of several as C2SP verifier keys, one a line:
   * their checkpoints are still accepted, and they are published.
   */
  previousKeys?: string | undefined;
}

interface PublicKey {
  object: KeyObject;
  keyHash: Buffer;
  line: string;
}

/** C2SP signed-note: a key name has neither white space nor a plus. */
export const isKeyName = (name: string): boolean => /^[^\s+]{1,200}$/.test(name);
export const KEY_NAME_FAULT = 'must have at most 200 characters, and neither white space nor a plus';

/** @throws StartRefused for a name or key of another form. */
export const notaryKeys = ({ name, key, previousKeys }: NotaryKeysOptions): NotaryKeys => {
  if (!isKeyName(name)) throw new StartRefused(`NOTARY_ORIGIN ${KEY_NAME_FAULT}.`);
  const secret = required(secretKeyOf(key), `NOTARY_KEY ${KEY_FAULT}.`);
  const current = publicKeyOf(name, secret);
  const former = previousKeys && required(formerKeysOf(previousKeys), `NOTARY_KEY_PREVIOUS ${FORMER_KEYS_FAULT}.`);
  const all = [current, ...(former || []).map((object) => publicKeyOf(name, object))];
  const keys = [...new Map(all.map((one) => [one.line, one])).values()];
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

/** @param fault what a text of another form must be */
const required = <K>(key: K | undefined, fault: string): K => {
  if (key === undefined) throw new StartRefused(fault);
  return key;
};

const publicKeyOf = (name: string, key: KeyObject): PublicKey => {
  const object = key.type === 'private' ? createPublicKey(key) : key;
  return { object, ...publicFormsOf(name, object) };
};
