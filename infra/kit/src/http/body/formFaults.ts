import { Refused } from '../../refused.js';

/** The body is not the form that its type says. */
export const unreadableForm = (message: string): Refused =>
  new Refused('body-unreadable', { errors: [{ field: 'body', message }] });
