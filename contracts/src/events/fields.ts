import { isLocale } from '../locale.js';
import type { Personal } from '../personal.js';
import { isRole, type Role } from '../roles.js';
import { isUuid } from '../uuid.js';

/** One field of an event: its form in the log, and whether it is personal. */
export interface Field<T> {
  /** Stored sealed under the subject's data key; reads as `ERASED` once that key is destroyed. */
  readonly personal: boolean;
  /** The value, or `undefined` when a stored (and opened) value does not have this form. */
  read(value: unknown): T | undefined;
}

const clear = <T>(is: (value: unknown) => value is T): Field<T> => ({
  personal: false,
  read: (value) => (is(value) ? value : undefined),
});

/** A UUID that the service generated. All other text that a person may have written is `personal`, never in clear. */
export const id = clear(isUuid);

/** Such a UUID, or `null`. */
export const optionalId = clear((value): value is string | null => value === null || isUuid(value));

/** Text that is sealed under the data key of the event's subject; see `subjectOf`. */
export const personal: Field<Personal> = {
  personal: true,
  read: (value) => (typeof value === 'string' ? value : undefined),
};

export const role = clear(isRole);

export const locale = clear(isLocale);

export const roles = clear((value): value is Role[] => Array.isArray(value) && value.every(isRole));

/** A whole number within bounds, both included. */
export const wholeNumber = ({ min, max }: { min: number; max: number }): Field<number> =>
  clear((value): value is number => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max);

/** One of a fixed set of words, in clear. */
export const oneOf = <const T extends string>(...words: T[]): Field<T> =>
  clear((value): value is T => words.includes(value as T));
