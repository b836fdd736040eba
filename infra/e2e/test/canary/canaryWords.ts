/** What is typed in the canary test: by the person, or by administrators about them. */
export const WORDS_OF = [
  ...(['email', 'newemail', 'name', 'newname', 'othername', 'secret', 'wrongsecret', 'newsecret'] as const),
  ...(['agent', 'language', 'filename', 'idempotency', 'correlation'] as const),
  ...(['suspension', 'reinstatement', 'roles', 'purpose', 'search'] as const),
] as const;
export type CanaryField = (typeof WORDS_OF)[number];

/**
 * A word that only this field holds. It has small letters alone, so that no escaping and no folding of letters changes it, and
 * none of the words is a part of another one.
 */
export const wordFor = (field: CanaryField): string => `quixotic${field}quagga`;

/** A text with the word, and with characters that JSON, SQL, CSV and HTML escape. */
export const textWith = (field: CanaryField): string => `"Zoë" <${wordFor(field)}>, O'Canary; =1+1\\`;

export const canaryWords = (): Record<CanaryField, string> =>
  Object.fromEntries(WORDS_OF.map((field) => [field, wordFor(field)])) as Record<CanaryField, string>;
