import type { FieldError } from '@ums/contracts/http/problem';

const NAME = /^[A-Za-z][\w.[\]-]{0,99}$/;
const MOST_FAULTS = 20;

const EXCESS = 'is an excess property and therefore is not allowed';
/** What tsoa writes of unions and maps quotes the JSON it refused, values and all (I-02). */
const QUOTING = /^(?:Could not match|No matching model)/;
const LONGEST_MESSAGE = 200;
/** A shorter value stands in a declared bound (`max 100`) by chance. */
const SHORTEST_QUOTE = 4;

interface Fault {
  message?: unknown;
  value?: unknown;
}

const messageOf = ({ message, value }: Fault): string => {
  if (typeof message !== 'string') return 'is not valid';
  if (message.endsWith(EXCESS)) return 'is not a field of this request';
  if (message.length > LONGEST_MESSAGE || QUOTING.test(message)) return 'is not valid';
  const quotes = typeof value === 'string' && value.length >= SHORTEST_QUOTE && message.includes(value);
  return quotes ? 'is not valid' : message;
};

/** `body.email` is what the client wrote as `email`; a name no route can have is the client's own text and stays out. */
const fieldOf = (path: string): string => {
  const field = path.startsWith('body.') ? path.slice('body.'.length) : path;
  return NAME.test(field) ? field : 'body';
};

/** The faults of tsoa's ValidateError, without the values it carries in `fields`; `undefined` for any other error. */
export const validationFaults = (error: unknown): FieldError[] | undefined => {
  if (!(error instanceof Error) || error.name !== 'ValidateError' || !('fields' in error)) return undefined;
  return Object.entries(error.fields ?? {})
    .slice(0, MOST_FAULTS)
    .map(([path, fault]: [string, Fault]) => ({ field: fieldOf(path), message: messageOf(fault) }));
};
