import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** A notary with a key of its own, independent of the one of the service. */
export interface TestNotary {
  origin: string;
  /** C2SP verifier key. */
  publicKey: string;
  /** A signed note of a tree of this size and root, and of how many of its leaves may expire. */
  sign(size: number, root: Buffer, expirable?: number): string;
  /** A signed note of any text. */
  signText(text: string): string;
}

export const testNotary = (origin = 'ums/0199c0de-0000-4000-8000-00000000000f'): TestNotary => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const typed = Buffer.concat([Buffer.of(1), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
  const keyHash = createHash('sha256').update(`${origin}\n`).update(typed).digest().subarray(0, 4);
  const signText = (text: string): string => {
    const signature = Buffer.concat([keyHash, sign(null, Buffer.from(text), privateKey)]);
    return `${text}\n— ${origin} ${signature.toString('base64')}\n`;
  };
  return {
    origin,
    publicKey: `${origin}+${keyHash.toString('hex')}+${typed.toString('base64')}`,
    sign: (size, root, expirable) => {
      const extension = expirable === undefined ? '' : `ums-expirable ${expirable}\n`;
      return signText(`${origin}\n${size}\n${root.toString('base64')}\n${extension}`);
    },
    signText,
  };
};
