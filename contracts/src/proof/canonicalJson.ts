/** A value that has no canonical JSON text. The message says why and never quotes the value, which may be personal. */
export class NotCanonical extends TypeError {
  override readonly name = 'NotCanonical';
}

/** Deeper values would exhaust the stack of whoever hashes or verifies them; the events of this service have three levels. */
const MAX_DEPTH = 500;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The one JSON text of a value by RFC 8785: no white space, members ordered by the UTF-16 code units of their names, numbers and
 * strings written as ECMAScript writes them.
 *
 * @throws NotCanonical for what JSON has no text for (NaN, infinities, `undefined`, bigints, instances of classes), for text with
 * a surrogate that is not one of a pair, and for values of more than 500 levels.
 */
export const canonicalJson = (value: unknown): string => textOf(value, 0);

const textOf = (value: unknown, depth: number): string => {
  if (typeof value === 'string') return stringText(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value !== 'object') throw new NotCanonical(`JSON has no ${typeof value}`);
  if (depth === MAX_DEPTH) throw new NotCanonical(`the value has more than ${MAX_DEPTH} levels`);
  return Array.isArray(value) ? arrayText(value, depth) : objectText(value, depth);
};

const stringText = (text: string): string => {
  if (LONE_SURROGATE.test(text)) throw new NotCanonical('the text has an unpaired surrogate');
  // Escapes exactly what RFC 8785 §3.2.2.2 escapes, in its notation.
  return JSON.stringify(text);
};

const numberText = (value: number): string => {
  if (!Number.isFinite(value)) throw new NotCanonical('JSON has no NaN and no infinities');
  return String(value);
};

const arrayText = (items: readonly unknown[], depth: number): string => {
  // By index, because `map` would skip holes.
  const texts = Array.from(items, (item) => textOf(item, depth + 1));
  return `[${texts.join(',')}]`;
};

const objectText = (value: object, depth: number): string => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Not compared with `Object.prototype`, because each realm has one of its own.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new NotCanonical('JSON has no instances of classes');
  // Without an argument, `sort` compares UTF-16 code units.
  const members = Object.keys(value)
    .sort()
    .map((name) => `${stringText(name)}:${textOf((value as Record<string, unknown>)[name], depth + 1)}`);
  return `{${members.join(',')}}`;
};
