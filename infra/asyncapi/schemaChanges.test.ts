import { describe, expect, it } from '@jest/globals';
import { fieldChanges } from './test/editedContract.js';

describe('schemaChanges', () => {
  it.each<[string, object, object, string]>([
    ['a changed type', { type: 'string' }, { type: 'integer' }, 'type: "string" -> "integer"'],
    ['a wider type', { type: 'integer' }, { type: 'number' }, 'type: "integer" -> "number"'],
    [
      'a value that may be null',
      { type: 'string' },
      { type: ['string', 'null'] },
      'type: "string" -> ["string","null"]',
    ],
    ['an enum that is opened', { enum: ['a'] }, {}, 'values: dropped (was ["a"])'],
    ['a constant that varies', { const: 'a' }, { enum: ['a', 'b'] }, 'values: ["a"] -> ["a","b"]'],
    ['a shorter minimum', { minLength: 2 }, { minLength: 1 }, 'minLength: 2 -> 1'],
    ['a longer maximum', { maxLength: 2 }, { maxLength: 3 }, 'maxLength: 2 -> 3'],
    ['a dropped bound', { minItems: 1 }, {}, 'minItems: dropped (was 1)'],
    ['another format', { format: 'date-time' }, { format: 'date' }, 'format: "date-time" -> "date"'],
    ['another pattern', { pattern: '^a$' }, { pattern: '^.$' }, 'pattern: "^a$" -> "^.$"'],
    ['items that are dropped', { items: {} }, {}, 'items: dropped (was {})'],
    ['a change of a keyword that the check does not know', { allOf: [{}] }, { allOf: [] }, 'allOf: [{}] -> []'],
  ])('refuses %s', (_, before, after, change) => {
    const { breaking } = fieldChanges(before, after);
    expect(breaking).toEqual([`users.state.v1: users.state.v1: value.field: ${change}`]);
  });

  it('refuses a change inside of a list or of a nested object', () => {
    const nested = (type: string) => ({ items: { properties: { part: { type } } } });
    expect(fieldChanges(nested('string'), nested('integer')).breaking).toEqual([
      'users.state.v1: users.state.v1: value.field[].part: type: "string" -> "integer"',
    ]);
  });

  it.each<[string, object, object, string]>([
    ['a narrower type', { type: ['string', 'null'] }, { type: 'string' }, 'type: ["string","null"] -> "string"'],
    ['an integer instead of a number', { type: 'number' }, { type: 'integer' }, 'type: "number" -> "integer"'],
    ['an added bound', {}, { maxLength: 3 }, 'maxLength: added (3)'],
    ['a tighter bound', { maxLength: 3, minLength: 1 }, { maxLength: 2, minLength: 1 }, 'maxLength: 3 -> 2'],
    ['a longer minimum', { minLength: 1 }, { minLength: 2 }, 'minLength: 1 -> 2'],
    ['an added pattern', {}, { pattern: '^a$' }, 'pattern: added ("^a$")'],
  ])('allows %s', (_, before, after, change) => {
    expect(fieldChanges(before, after)).toEqual({
      breaking: [],
      compatible: [`users.state.v1: users.state.v1: value.field: ${change}`],
    });
  });
});
