import { codeOf } from '../postgres/errors.js';

/** Why a `fetch` failed, without text from outside: the code of the connection, which `fetch` gives as a cause, or the error's name. */
export const fetchFault = (error: unknown): string => {
  const { cause, name } = Object(error) as { cause?: unknown; name?: string };
  return codeOf(error) ?? codeOf(cause) ?? name ?? 'unknown error';
};
