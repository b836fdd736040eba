/** One sealed value, as stored: `v1.<masterKeyId>.<nonce>.<ciphertext and tag>`, the last two base64url. AES-256-GCM (NIST SP 800-38D). */
export interface SealedParts {
  masterKeyId: string;
  /** 96 random bits. */
  nonce: Buffer;
  /** Ciphertext followed by the 128-bit tag. */
  ciphertext: Buffer;
}

/** What a sealed value is bound to. Moved to another subject, type, event or field, it no longer opens (K-02). */
export interface SealedPlace {
  subject: string;
  storedType: string;
  eventId: string;
  /** Field name of the data, or `metadata.<name>`. */
  field: string;
}

const FORM = /^v1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/;

/** The stored text of a sealed value; {@link parseSealed} reads it. */
export const formatSealed = ({ masterKeyId, nonce, ciphertext }: SealedParts): string =>
  `v1.${masterKeyId}.${nonce.toString('base64url')}.${ciphertext.toString('base64url')}`;

/** `undefined` when the text is not a sealed value. */
export const parseSealed = (text: unknown): SealedParts | undefined => {
  const match = typeof text === 'string' ? FORM.exec(text) : null;
  if (match === null) return undefined;
  const [, masterKeyId, nonce, ciphertext] = match as unknown as [string, string, string, string];
  return { masterKeyId, nonce: Buffer.from(nonce, 'base64url'), ciphertext: Buffer.from(ciphertext, 'base64url') };
};

/** The additional data of AES-GCM. JSON separates the four parts unambiguously, even if one contains a quote or a comma. */
export const additionalData = ({ subject, storedType, eventId, field }: SealedPlace): Buffer =>
  Buffer.from(JSON.stringify([subject, storedType, eventId, field]), 'utf8');
