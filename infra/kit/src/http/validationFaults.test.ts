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
      { field: 'email', message: 'invalid string value' },
      { field: 'password', message: 'minLength 15' },
    ]);
    expect(faultsOf({ ...valid, email: 'no-address' })).toEqual([{ field: 'email', message: 'must be an address' }]);
    expect(faultsOf({ ...valid, role: 'x' })).toEqual([
      { field: 'role', message: "should be one of the following; ['user']" },
    ]);
    expect(faultsOf(undefined)).toEqual([{ field: 'body', message: "'body' is required" }]);
    expect(faultsOf({ ...valid, isAdmin: true })).toEqual([
      { field: 'isAdmin', message: 'is not a field of this request' },
    ]);
  });

  it('I-02 never repeats a value, whichever field holds it', () => {
    const nested = { a: SECRET, [SECRET]: SECRET };
    for (const field of ['email', 'password', 'role', 'either', 'both', 'map', 'list', 'when', 'other']) {
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
