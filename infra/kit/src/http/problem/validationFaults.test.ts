import { describe, expect, it } from '@jest/globals';
import { type FieldErrors, type TsoaRoute, ValidateError, ValidationService } from '@tsoa/runtime';
import { validationFaults } from './validationFaults.js';

const SECRET = 'hunter2-hunter2';

const text = { dataType: 'string', required: true } as const;
const models: TsoaRoute.Models = {
  Login: {
    dataType: 'refObject',
    properties: {
      email: { ...text, validators: { pattern: { value: '@', errorMsg: 'must be an address' } } },
      password: { ...text, validators: { minLength: { value: 15 } } },
      role: { dataType: 'enum', enums: ['user'] },
      either: { dataType: 'union', subSchemas: [{ dataType: 'double' }, { dataType: 'boolean' }] },
      word: { dataType: 'union', subSchemas: ['left', 'right'].map((one) => ({ dataType: 'enum', enums: [one] })) },
      both: { dataType: 'intersection', subSchemas: [{ ref: 'Part' }, { ref: 'Part' }] },
      map: { dataType: 'nestedObjectLiteral', nestedProperties: { a: text } },
      list: { dataType: 'array', array: text },
      when: { dataType: 'datetime' },
    },
    additionalProperties: false,
  },
  Part: { dataType: 'refObject', properties: { a: text }, additionalProperties: false },
};

/** Validates a body with tsoa and returns the faults. */
const faultsOf = (body: unknown) => {
  const fields: FieldErrors = {};
  const config = { noImplicitAdditionalProperties: 'throw-on-extras', bodyCoercion: false } as const;
  new ValidationService(models, config).ValidateParam(
    { ref: 'Login', required: true },
    body,
    'body',
    fields,
    true,
    undefined,
  );
  return validationFaults(new ValidateError(fields, '')) ?? [];
};

const valid = { email: 'a@b', password: 'p'.repeat(15) };

describe('validationFaults', () => {
  it('names every invalid field as the client wrote it, with the declared rule', () => {
    expect(faultsOf({ email: 1, password: 'short' })).toEqual([
      { field: 'email', message: 'must be a string' },
      { field: 'password', message: 'must have at least 15 characters' },
    ]);
    expect(faultsOf({ ...valid, email: 'no-address' })).toEqual([{ field: 'email', message: 'must be an address' }]);
    expect(faultsOf({ ...valid, role: 'x' })).toEqual([{ field: 'role', message: 'must be one of: user' }]);
    expect(faultsOf({ ...valid, word: 'up' })).toEqual([{ field: 'word', message: 'must be one of: left, right' }]);
    expect(faultsOf({ ...valid, list: ['a', 1] })).toEqual([{ field: 'list', message: 'must be a string' }]);
    expect(faultsOf(undefined)).toEqual([{ field: 'body', message: 'is required' }]);
    expect(faultsOf({ ...valid, isAdmin: true })).toEqual([
      { field: 'isAdmin', message: 'is not a field of this request' },
    ]);
  });

  it.each([
    ["'name' is required", 'is required'],
    ['invalid string value', 'must be a string'],
    ['invalid object', 'must be a JSON object'],
    ['invalid array', 'must be an array'],
    ['invalid boolean value', 'must be true or false'],
    ['invalid integer number', 'must be a whole number'],
    ['invalid float number', 'must be a number'],
    ['invalid ISO 8601 date format, i.e. YYYY-MM-DD', 'must be a date such as 2026-01-31'],
    ['invalid ISO 8601 datetime format, i.e. YYYY-MM-DDTHH:mm:ss', 'must be a time such as 2026-01-31T12:00:00Z'],
    ['minLength 1', 'must have at least 1 character'],
    ['maxLength 100', 'must have at most 100 characters'],
    ['minItems 1', 'must have at least 1 item'],
    ['minItems 2', 'must have at least 2 items'],
    ['maxItems 1', 'must have at most 1 item'],
    ['maxItems 20', 'must have at most 20 items'],
    ['required unique array', 'must not have an item twice'],
    ['min 1', 'must be at least 1'],
    ['max 100', 'must be at most 100'],
    ["should be one of the following; ['user','admin']", 'must be one of: user, admin'],
    ["Not match in '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'", 'must be a UUID'],
    ["Not match in '^[a-z0-9-]+$'", 'is not valid'],
    ['must have 1 to 100 characters', 'must have 1 to 100 characters'],
    ['invalid undefined value', 'is not valid'],
    ['some message of a later version', 'is not valid'],
    [undefined, 'is not valid'],
  ])('replaces the message %j by the sentence %j', (message, sentence) => {
    const error = new ValidateError({ 'body.name': { message: String(message), value: 'x' } }, '');
    if (message === undefined) Object.assign(error.fields, { 'body.name': {} });
    expect(validationFaults(error)).toEqual([{ field: 'name', message: sentence }]);
  });

  it('I-02 never repeats a value, whichever field holds it', () => {
    const nested = { a: SECRET, [SECRET]: SECRET };
    for (const field of ['email', 'password', 'role', 'either', 'word', 'both', 'map', 'list', 'when', 'other']) {
      for (const value of [SECRET, [SECRET], { a: [SECRET] }, nested, `'${SECRET}' is required`]) {
        const faults = faultsOf({ ...valid, [field]: value });
        expect(JSON.stringify(faults)).not.toContain(SECRET);
        const isValid =
          (['email', 'password'].includes(field) && typeof value === 'string') ||
          (field === 'list' && Array.isArray(value));
        if (!isValid) expect(faults).not.toEqual([]);
      }
    }
  });

  it('I-02 does not repeat a field name that no request type could declare', () => {
    for (const name of ['p w', '<script>', 'x'.repeat(200), '\n']) {
      expect(faultsOf({ ...valid, [name]: 1 })).toEqual([{ field: 'body', message: 'is not a field of this request' }]);
    }
  });

  it('Z-03 refuses names that every object inherits', () => {
    for (const body of ['{"__proto__":{"role":"admin"}}', '{"constructor":{}}', '{"toString":1}']) {
      expect(faultsOf({ ...valid, ...JSON.parse(body) })).toHaveLength(1);
    }
  });

  it('reports at most 20 faults', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_none, index) => [`f${index}`, 1]));
    expect(faultsOf({ ...valid, ...many })).toHaveLength(20);
  });

  it('returns undefined for any other error', () => {
    expect(validationFaults(new Error('x'))).toBeUndefined();
    expect(validationFaults('x')).toBeUndefined();
  });
});
