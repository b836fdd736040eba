import type { FieldError } from '@ums/contracts/http/problem';

const NAME = /^[A-Za-z][\w.[\]-]{0,99}$/;
const MOST_FAULTS = 20;

/** tsoa's messages that are made of our own declarations alone. Those of unions quote the JSON they refused (I-02). */
const SAFE: readonly RegExp[] = [
  /^'[A-Za-z][\w-]{0,63}' is required$/,
  /^(?:min|max)(?:imum|imumLength|Length|Items|Date)? ?[\d'T:.Z-]{1,40}$/,
  /^invalid (?:string|number|integer|float|boolean|array|object|date|buffer|undefined|null)(?: (?:value|number|float|integer|type|string))?(?: or date-time)?$/,
  /^should be one of the following; \[[\w',-]{1,300}\]$/,
];

const EXCESS = 'is an excess property and therefore is not allowed';

const messageOf = (message: unknown): string => {
  if (typeof message !== 'string') return 'is not valid';
  if (message.endsWith(EXCESS)) return 'is not a field of this request';
  return SAFE.some((safe) => safe.test(message)) ? message : 'is not valid';
};

/** `body.email` is what the client wrote as `email`; a name no route can have is the client's own text and stays out. */
const fieldOf = (path: string): string => {
  const field = path.startsWith('body.') ? path.slice('body.'.length) : path;
  return NAME.test(field) ? field : 'body';
};

/** The faults of tsoa's ValidateError, without the values it carries in `fields`; `undefined` for any other error. */
export const validationFaults = (error: unknown): FieldError[] | undefined => {
  if (!(error instanceof Error) || error.name !== 'ValidateError' || !('fields' in error)) return undefined;
  return Object.entries((error.fields ?? {}) as Record<string, { message?: unknown } | undefined>)
    .slice(0, MOST_FAULTS)
    .map(([path, fault]) => ({ field: fieldOf(path), message: messageOf(fault?.message) }));
};
