import type { Route } from '@ums/contracts/routes';
import fc from 'fast-check';
import type { Asked } from '../../kit/test/ask.js';

/** What requests are made of that come far, before chance changes them. */
export interface Ground {
  /** Of the callers there are; `undefined` is a stranger. */
  tokens: readonly (string | undefined)[];
  /** A body that the route takes. */
  body: Readonly<Record<string, unknown>>;
  /** What stands for `{id}`. */
  ids: readonly string[];
}

const text = fc.oneof(
  fc.constantFrom('', 'ada@example.org', 'nine quiet boats at noon', '\u0000', '\ud800', '-0', '١', '../..'),
  fc.string({ unit: 'binary', maxLength: 150 }),
);
const value = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 1, arbitrary: fc.string({ minLength: 900, maxLength: 2_000 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(1e308, -0, Number.MAX_SAFE_INTEGER, null, [], {}) },
);
const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ limit: fc.integer({ min: -1, max: 102 }).map(String) }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.constantFrom('limit', 'after', 'token', 'id[]', 'x'), text, { maxKeys: 3 }),
  },
);
/** Only what may stand in a header: the rest never leaves a client. */
const headerText = fc.stringMatching(/^[\x21-\x7e]{1,60}$/);
const headers = fc.dictionary(
  fc.constantFrom(
    'if-match',
    'idempotency-key',
    'x-consistency-token',
    'x-correlation-id',
    'x-forwarded-for',
    'accept',
  ),
  fc.oneof(headerText, fc.constantFrom('"0"', '"1"', 'key-1')),
  { maxKeys: 1 },
);
const names = fc.constantFrom('email', 'name', 'password', 'token', 'reason', 'role', 'constructor');

/** Requests of a route that nobody foresaw: most near enough to good ones to be let in further than the door. */
export const anything = ({ method, path }: Route, { tokens, body, ids }: Ground) => {
  const changed = fc
    .record({ keep: fc.subarray(Object.keys(body)), more: fc.dictionary(names, value, { maxKeys: 1 }) })
    .map(({ keep, more }) => ({ ...Object.fromEntries(keep.map((name) => [name, body[name]])), ...more }));
  const odd = fc.jsonValue({ maxDepth: 6 }).map((json) => (typeof json === 'string' ? [json] : json));
  return fc
    .record({
      body: fc.oneof(
        { weight: 3, arbitrary: fc.constant<unknown>(body) },
        { weight: 4, arbitrary: changed },
        { weight: 1, arbitrary: odd },
      ),
      ...{ query, headers },
      id: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...ids) },
        { weight: 1, arbitrary: fc.oneof(fc.uuid(), text) },
      ),
      token: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...tokens) }, { weight: 1, arbitrary: headerText }),
    })
    .map(({ query: asked, id, body: sent, ...rest }): { path: string; asked: Asked } => ({
      path: `${path.replace('{id}', segment(id))}?${new URLSearchParams(wellFormedAll(asked))}`,
      asked: { ...rest, ...(method === 'get' ? {} : { body: sent }) },
    }));
};

/** A part of a path that stays one: empty, `.` or `..` would name another route. */
const segment = (id: string): string => encodeURIComponent(wellFormed(id)).replace(/^\.{0,2}$/, '%20');

const wellFormed = (written: string): string => written.replace(/\p{Surrogate}/gu, '\ufffd');

const wellFormedAll = (asked: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(asked).map(([name, written]) => [name, wellFormed(written)]));
