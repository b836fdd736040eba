/**
 * A field that holds personal data. It is stored sealed under its subject's data key (see `sealing.ts`) and reads as
 * `ERASED` once that key is gone. Every reader handles both: erasure is a value, not an exception (GDPR Art. 17).
 */
export type Personal = string | Erased;

/** What a sealed field reads as after its subject was erased. A plain object, so that it survives JSON and `structuredClone`. */
export interface Erased {
  readonly erased: true;
}

export const ERASED: Erased = Object.freeze({ erased: true });

export const isErased = (value: Personal): value is Erased => typeof value !== 'string';
