/**
 * The value of a personal field. It is stored sealed under its subject's data key (see `sealing.ts`) and reads as `ERASED`
 * once that key is destroyed (GDPR Art. 17). Every reader handles both: erasure is a value, not an exception.
 */
export type Personal = string | Erased;

/** What a sealed field reads as after its subject was erased. A plain object, so that JSON and `structuredClone` keep it. */
export interface Erased {
  readonly erased: true;
}

/** Compare with {@link isErased}, not with `===`: a value parsed from JSON is a copy. */
export const ERASED: Erased = Object.freeze({ erased: true });

/** Also true for a copy of {@link ERASED}. */
export const isErased = (value: Personal): value is Erased => typeof value !== 'string';
