import { expect, it } from '@jest/globals';
import { withoutNulls } from './withoutNulls.js';

it.each([
  [{ name: 'Ada', email: null }, { name: 'Ada' }],
  [
    { name: '', roles: [null], inner: { name: null } },
    { name: '', roles: [null], inner: { name: null } },
  ],
  [[null], [null]],
  [null, null],
  ['null', 'null'],
])('of %j is %j', (body, expected) => {
  expect(withoutNulls(body)).toEqual(expected);
});

it('keeps a field that has the name of an inherited one', () => {
  const body: unknown = JSON.parse('{"__proto__": {"name": "Ada"}, "name": null}');
  expect(JSON.stringify(withoutNulls(body))).toBe('{"__proto__":{"name":"Ada"}}');
});
