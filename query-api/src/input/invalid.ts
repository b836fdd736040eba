import { Refused } from '@ums/kit/refused';

/** A fault of one parameter. */
export const invalid = (field: string, message: string): Refused =>
  new Refused('validation-failed', { errors: [{ field, message }] });
