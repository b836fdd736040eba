import { ERASED, type Erased, isErased, type Personal } from '../personal.js';
import { type SealedValue, sealedValueIn } from './sealedReference.js';

/** Stands for a value that exists and that the reader may not see. */
export interface Masked {
  readonly masked: true;
}

export const MASKED: Masked = Object.freeze({ masked: true });

/** How a reader sees sealed values. */
export interface Sight {
  /** Whether the values stay hidden from this reader. */
  isMasked: boolean;
  /** The value, for comparisons also where it stays hidden; `ERASED` once the key of its subject is destroyed. */
  open(value: SealedValue): Personal;
}

/** A sealed value as its reader sees it. */
export const seen = (value: SealedValue, { isMasked, open }: Sight): string | Masked | Erased => {
  const opened = open(value);
  if (isErased(opened)) return ERASED;
  return isMasked ? MASKED : opened;
};

/** A value as its reader sees it, if it is a reference to a sealed one; every other value as it is. */
export const seenThrough = <T>(value: T, sight: Sight): T | string | Masked | Erased => {
  const sealed = sealedValueIn(value);
  return sealed === undefined ? value : seen(sealed, sight);
};
