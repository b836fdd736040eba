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

/** What tsoa itself says of a body. */
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

const whole = { email: 'a@b', password: 'p'.repeat(15) };

describe('validationFaults', () => {
  it('names every faulty field as the client wrote it, with what the declaration says', () => {
    expect(faultsOf({ email: 1, password: 'short' })).toEqual([
      { field: 'email', message: 'invalid string value' },
      { field: 'password', message: 'minLength 15' },
    ]);
    expect(faultsOf({ ...whole, email: 'nobody' })).toEqual([{ field: 'email', message: 'must be an address' }]);
    expect(faultsOf({ ...whole, role: 'x' })).toEqual([
      { field: 'role', message: "should be one of the following; ['user']" },
    ]);
    expect(faultsOf(undefined)).toEqual([{ field: 'body', message: "'body' is required" }]);
    expect(faultsOf({ ...whole, isAdmin: true })).toEqual([
      { field: 'isAdmin', message: 'is not a field of this request' },
    ]);
  });

  it('I-02 never repeats a value, whatever field it was sent in', () => {
    const nested = { a: SECRET, [SECRET]: SECRET };
    for (const field of ['email', 'password', 'role', 'either', 'both', 'map', 'list', 'when', 'other']) {
      for (const value of [SECRET, [SECRET], { a: [SECRET] }, nested, `'${SECRET}' is required`]) {
        const faults = faultsOf({ ...whole, [field]: value });
        expect(JSON.stringify(faults)).not.toContain(SECRET);
        const mayBeRight =
          (['email', 'password'].includes(field) && typeof value === 'string') ||
          (field === 'list' && Array.isArray(value));
        if (!mayBeRight) expect(faults).not.toEqual([]);
      }
    }
  });

  it('I-02 repeats no name that no field of ours could have', () => {
    for (const name of ['p w', '<script>', 'x'.repeat(200), '\n']) {
      expect(faultsOf({ ...whole, [name]: 1 })).toEqual([{ field: 'body', message: 'is not a field of this request' }]);
    }
  });

  it('Z-03 refuses what a prototype would give', () => {
    for (const body of ['{"__proto__":{"role":"admin"}}', '{"constructor":{}}', '{"toString":1}']) {
      expect(faultsOf({ ...whole, ...JSON.parse(body) })).toHaveLength(1);
    }
  });

  it('tells a bounded number of faults', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_none, index) => [`f${index}`, 1]));
    expect(faultsOf({ ...whole, ...many })).toHaveLength(20);
  });

  it('is silent about any other error', () => {
    expect(validationFaults(new Error('x'))).toBeUndefined();
    expect(validationFaults('x')).toBeUndefined();
  });
});
