import type { FieldError } from '@ums/contracts/http/problem';

const MAX_DEPTH = 20;
/** Far more than any request has. Each costs far more than its bytes, above all a field that the request does not have. */
const MAX_VALUES = 500;

// biome-ignore lint/suspicious/noControlCharactersInRegex: Postgres text cannot hold NUL
const NUL = /\u0000/;
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;

/** Postgres text cannot hold NUL, and UTF-8 cannot encode unpaired surrogates. */
const isUnstorable = (text: string): boolean => NUL.test(text) || UNPAIRED_SURROGATE.test(text);

/**
 * The first value in a parsed body that cannot be stored, is nested too deep (I-01), or is one too many, named by its top-level field.
 * Iterative, because a body can be nested deeper than the call stack allows.
 */
export const findBodyFault = (body: unknown): FieldError | undefined => {
  let values = 0;
  const open: { value: unknown; depth: number; field: string }[] = [{ value: body, depth: 1, field: 'body' }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { value, depth, field } = item;
    if (typeof value === 'string' && isUnstorable(value)) {
      return { field, message: 'must not contain NUL or unpaired surrogates' };
    }
    if (typeof value === 'number' && !Number.isFinite(value)) return { field, message: 'is not a finite number' };
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH) return { field, message: `must not be nested deeper than ${MAX_DEPTH}` };
    const keys = Object.keys(value);
    values += keys.length;
    if (values > MAX_VALUES) return { field: 'body', message: `must have at most ${MAX_VALUES} values` };
    for (const key of keys) {
      if (isUnstorable(key)) return { field: 'body', message: 'has a field name that cannot be read' };
      const name = depth > 1 || Array.isArray(value) || !/^[A-Za-z]\w{0,63}$/.test(key) ? field : key;
      open.push({ value: Reflect.get(value, key), depth: depth + 1, field: name });
    }
  }
  return undefined;
};
