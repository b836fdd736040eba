import type { SealedPlace } from '../sealing.js';
import type { Open } from '../stored/storedForm.js';

/** A sealed value as stored, and its place, which opens it. */
export interface SealedValue {
  place: SealedPlace;
  sealed: string;
}

/** Begins a reference and separates its parts. No stored text contains NUL, since Postgres cannot store it. */
const MARK = '\0';

/**
 * Reads a sealed field as a reference to it: a text that differs for every event and field. Reducers run on such facts
 * unchanged, without a key; {@link sealedValueIn} gives back what a field of their result refers to.
 */
export const referTo: Open = ({ subject, storedType, eventId, field }, sealed) =>
  ['', subject, storedType, eventId, field, sealed].join(MARK);

/** The sealed value that a reference stands for; `undefined` for every other value. */
export const sealedValueIn = (value: unknown): SealedValue | undefined => {
  if (typeof value !== 'string' || !value.startsWith(MARK)) return undefined;
  const [, subject = '', storedType = '', eventId = '', field = '', ...rest] = value.split(MARK);
  return { place: { subject, storedType, eventId, field }, sealed: rest.join(MARK) };
};
