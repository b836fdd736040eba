import type { FieldError } from '@ums/contracts/http/problem';

const NAME = /^[A-Za-z][\w.[\]-]{0,99}$/;
const MAX_FAULTS = 20;

/** A shorter value may equal a part of the message by chance, such as the bound in `at most 100`. */
const MIN_QUOTE_LENGTH = 4;

interface Fault {
  message?: unknown;
  value?: unknown;
}

const SAMPLE_UUID = '0199c0de-0000-4000-8000-000000000001';

const counted = (count: string | undefined, noun: string): string => `${count} ${noun}${count === '1' ? '' : 's'}`;

/** People cannot read a regular expression, so its message names the form instead. UUIDs are the only form that requests use. */
const patternMessage = (pattern = ''): string => {
  const form = new RegExp(pattern);
  return form.test(SAMPLE_UUID) && !form.test('a-1') ? 'must be a UUID' : 'is not valid';
};

const ONE_OF = /^should be one of the following; \[(.*)\]$/;
const oneOf = (members: readonly string[]): string =>
  `must be one of: ${members.join(',').replaceAll("'", '').replaceAll(',', ', ')}`;

const UNION = /^Could not match the union against any of the items\. Issues: (\[.*\])$/s;

/** tsoa reports a fault for each word of a union of words, and quotes the rejected value in each. */
const unionMessage = (issues: string): string => {
  const faults = (JSON.parse(issues) as Record<string, Fault>[]).flatMap((issue) => Object.values(issue));
  const members = faults.map(({ message }) => ONE_OF.exec(String(message))?.[1]);
  return members.every((word) => word !== undefined) ? oneOf(members) : 'is not valid';
};

/** The messages of tsoa, and the sentences for people that replace them. */
const SENTENCES: readonly (readonly [RegExp, (...groups: string[]) => string])[] = [
  [/^'.{1,100}' is required$/s, () => 'is required'],
  [/ is an excess property and therefore is not allowed$/, () => 'is not a field of this request'],
  [/^invalid string value$/, () => 'must be a string'],
  [/^invalid object$/, () => 'must be a JSON object'],
  [/^invalid array$/, () => 'must be an array'],
  [/^invalid boolean value$/, () => 'must be true or false'],
  [/^invalid integer number$/, () => 'must be a whole number'],
  [/^invalid float number$/, () => 'must be a number'],
  [/^invalid ISO 8601 date format/, () => 'must be a date such as 2026-01-31'],
  [/^invalid ISO 8601 datetime format/, () => 'must be a time such as 2026-01-31T12:00:00Z'],
  [/^minLength (\d+)$/, (count) => `must have at least ${counted(count, 'character')}`],
  [/^maxLength (\d+)$/, (count) => `must have at most ${counted(count, 'character')}`],
  [/^minItems (\d+)$/, (count) => `must have at least ${counted(count, 'item')}`],
  [/^maxItems (\d+)$/, (count) => `must have at most ${counted(count, 'item')}`],
  [/^required unique array$/, () => 'must not have an item twice'],
  [/^min (-?[\d.]+)$/, (bound) => `must be at least ${bound}`],
  [/^max (-?[\d.]+)$/, (bound) => `must be at most ${bound}`],
  [ONE_OF, (members = '') => oneOf([members])],
  [UNION, (issues = '[]') => unionMessage(issues)],
  [/^Not match in '(.*)'$/, patternMessage],
  // A sentence that a request type declares for one of its bounds.
  [/^(must .{1,150})$/, (declared = '') => declared],
];

/** tsoa quotes the rejected JSON in messages about unions and maps (I-02); it and unknown messages are not passed on. */
const messageOf = (fault: Fault): string => {
  const { message, value } = fault;
  // tsoa puts the sentence that is declared for another fault in the place of its own.
  if ('value' in fault && value === undefined) return 'is required';
  if (typeof message !== 'string') return 'is not valid';
  for (const [form, sentence] of SENTENCES) {
    const found = form.exec(message);
    if (found === null) continue;
    const text = sentence(...found.slice(1));
    const quotes = typeof value === 'string' && value.length >= MIN_QUOTE_LENGTH && text.includes(value);
    return quotes ? 'is not valid' : text;
  }
  return 'is not valid';
};

/**
 * tsoa names the field `email` of the body `body.email`, and an item of the array `roles` `roles.$0`. A name that no field can
 * have is user input and is left out.
 */
const fieldOf = (path: string): string => {
  const field = path.replace(/^body\./, '').replace(/\.\$\d+$/, '');
  return NAME.test(field) ? field : 'body';
};

/** The faults in a ValidateError of tsoa, without the values it carries, at most 20; `undefined` for any other error. */
export const validationFaults = (error: unknown): FieldError[] | undefined => {
  if (!(error instanceof Error) || error.name !== 'ValidateError' || !('fields' in error)) return undefined;
  return Object.entries(error.fields ?? {})
    .slice(0, MAX_FAULTS)
    .map(([path, fault]: [string, Fault]) => ({ field: fieldOf(path), message: messageOf(fault) }));
};
