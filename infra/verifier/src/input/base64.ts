/** The bytes of base64 text; `undefined` for text that is not the one base64 text of its bytes (RFC 4648 §3.5). */
export const bytesOfBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};

const HASH_BYTES = 32;

/** The hash in base64 text; `undefined` for anything else. */
export const hashOfBase64 = (text: unknown): Buffer | undefined => {
  const bytes = typeof text === 'string' ? bytesOfBase64(text) : undefined;
  return bytes?.length === HASH_BYTES ? bytes : undefined;
};
