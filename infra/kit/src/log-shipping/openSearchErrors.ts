import { tlsFault } from '../transport/tlsFault.js';

const IDENTIFIER = /^[A-Za-z][\w-]{0,79}$/;

/** Status of the answer, if there was one. */
export const statusOf = (error: unknown): number | undefined => {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
};

/** Names an error of the client without its text, which may quote the content of a line. */
export const reasonOf = (error: unknown): string => {
  const status = statusOf(error);
  if (status !== undefined) return `status ${status}`;
  return error instanceof Error ? (tlsFault(error.message) ?? identifier(error.name)) : 'unknown';
};

/** A type of error that OpenSearch named. */
export const identifier = (type: unknown): string =>
  typeof type === 'string' && IDENTIFIER.test(type) ? type : 'unknown';
