import type { Route } from '@ums/contracts/routes';
import fc from 'fast-check';
import type { RequestOptions } from '../../kit/test/ask.js';

/** Parts of valid requests, which random changes then make invalid. */
export interface ValidParts {
  /** Access tokens of the callers; `undefined` sends none. */
  tokens: readonly (string | undefined)[];
  /** A valid body of the route. */
  body: Readonly<Record<string, unknown>>;
  /** Values of `{id}`. */
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
const time = fc.oneof(
  { weight: 4, arbitrary: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) },
  { weight: 1, arbitrary: text },
);
/** A parameter that the route does not have is refused before anything else, so most requests to other routes have none. */
const queryOf = (path: string): fc.Arbitrary<Record<string, string>> =>
  fc.oneof(
    { weight: path === '/users' ? 3 : 9, arbitrary: fc.constant({}) },
    {
      weight: path === '/users' ? 2 : 0,
      arbitrary: fc.record(
        {
          limit: fc.integer({ min: -1, max: 102 }).map(String),
          ...{ search: text, status: fc.constantFrom('active', 'suspended', 'x'), role: fc.constantFrom('user', 'x') },
          ...{ registeredFrom: time, registeredTo: time, after: text, before: text },
        },
        { requiredKeys: [] },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.dictionary(fc.constantFrom('limit', 'after', 'token', 'id[]', 'x'), text, { maxKeys: 3 }),
    },
  );
/** Only characters that are allowed in headers; `fetch` refuses to send others. */
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
const names = fc.constantFrom('email', 'name', 'password', 'token', 'reason', 'role', 'roles', 'constructor');

/** Random requests to a route; most are close enough to valid ones to get past the first check. */
export const randomRequest = ({ method, path }: Route, { tokens, body, ids }: ValidParts) => {
  const changedBody = fc
    .record({ keep: fc.subarray(Object.keys(body)), more: fc.dictionary(names, value, { maxKeys: 1 }) })
    .map(({ keep, more }) => ({ ...Object.fromEntries(keep.map((name) => [name, body[name]])), ...more }));
  const otherJson = fc.jsonValue({ maxDepth: 6 }).map((json) => (typeof json === 'string' ? [json] : json));
  return fc
    .record({
      body: fc.oneof(
        { weight: 3, arbitrary: fc.constant<unknown>(body) },
        { weight: 4, arbitrary: changedBody },
        { weight: 1, arbitrary: otherJson },
      ),
      ...{ query: queryOf(path), headers },
      id: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...ids) },
        { weight: 1, arbitrary: fc.oneof(fc.uuid(), text) },
      ),
      token: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...tokens) }, { weight: 1, arbitrary: headerText }),
    })
    .map(({ query: parameters, id, body: sent, ...rest }): { path: string; asked: RequestOptions } => ({
      path: `${path.replace('{id}', pathSegment(id))}?${new URLSearchParams(wellFormedValues(parameters))}`,
      asked: { ...rest, ...(method === 'get' ? {} : { body: sent }) },
    }));
};

/** Encodes one segment of a path. An empty segment, `.` or `..` would lead to another route and is replaced. */
const pathSegment = (id: string): string => encodeURIComponent(wellFormed(id)).replace(/^\.{0,2}$/, '%20');

/** Replaces unpaired surrogates, which URLs cannot contain. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

const wellFormedValues = (parameters: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, wellFormed(value)]));
