import type { FieldError } from '@ums/contracts/http/problem';

const NAME = /^[A-Za-z][\w.[\]-]{0,99}$/;
const MAX_FAULTS = 20;

const EXCESS = 'is an excess property and therefore is not allowed';
/** Messages of tsoa about unions and maps quote the rejected JSON with its values (I-02). */
const QUOTING = /^(?:Could not match|No matching model)/;
const MAX_MESSAGE_LENGTH = 200;
/** A shorter value may equal a part of the message by chance, such as the bound in `max 100`. */
const MIN_QUOTE_LENGTH = 4;

interface Fault {
  message?: unknown;
  value?: unknown;
}

const messageOf = ({ message, value }: Fault): string => {
  if (typeof message !== 'string') return 'is not valid';
  if (message.endsWith(EXCESS)) return 'is not a field of this request';
  if (message.length > MAX_MESSAGE_LENGTH || QUOTING.test(message)) return 'is not valid';
  const quotes = typeof value === 'string' && value.length >= MIN_QUOTE_LENGTH && message.includes(value);
  return quotes ? 'is not valid' : message;
};

/** tsoa names the field `email` of the body `body.email`. A name that no field can have is user input and is left out. */
const fieldOf = (path: string): string => {
  const field = path.startsWith('body.') ? path.slice('body.'.length) : path;
  return NAME.test(field) ? field : 'body';
};

/** The faults in a ValidateError of tsoa, without the values it carries, at most 20; `undefined` for any other error. */
export const validationFaults = (error: unknown): FieldError[] | undefined => {
  if (!(error instanceof Error) || error.name !== 'ValidateError' || !('fields' in error)) return undefined;
  return Object.entries(error.fields ?? {})
    .slice(0, MAX_FAULTS)
    .map(([path, fault]: [string, Fault]) => ({ field: fieldOf(path), message: messageOf(fault) }));
};
