import type { FieldError } from '@ums/contracts/http/problem';

export const DEEPEST = 20;

// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what Postgres text cannot hold
const NUL = /\u0000/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What no field may hold: Postgres refuses NUL, and UTF-8 knows no lone surrogates. */
const isUnstorable = (text: string): boolean => NUL.test(text) || LONE_SURROGATE.test(text);

/** The first fault of form in a parsed body (I-01), named by its top field; walks with a stack of its own. */
export const faultOfBody = (body: unknown): FieldError | undefined => {
  const open: { value: unknown; depth: number; field: string }[] = [{ value: body, depth: 1, field: 'body' }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { value, depth, field } = item;
    if (typeof value === 'string' && isUnstorable(value)) {
      return { field, message: 'must not contain NUL or unpaired surrogates' };
    }
    if (typeof value === 'number' && !Number.isFinite(value)) return { field, message: 'is not a finite number' };
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEEPEST) return { field, message: `must not be nested deeper than ${DEEPEST}` };
    for (const [key, inner] of Object.entries(value)) {
      if (isUnstorable(key)) return { field: 'body', message: 'has a field name that cannot be read' };
      const name = depth > 1 || Array.isArray(value) || !/^[A-Za-z]\w{0,63}$/.test(key) ? field : key;
      open.push({ value: inner, depth: depth + 1, field: name });
    }
  }
  return undefined;
};
