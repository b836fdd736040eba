import { describe, expect, it } from '@jest/globals';
import { updateInput } from './updateInput.js';

const refusalOf = (body: Parameters<typeof updateInput>[0]): unknown => {
  try {
    return updateInput(body);
  } catch (error) {
    return error;
  }
};
const errors = (...fields: string[]) => ({
  slug: 'validation-failed',
  details: { errors: fields.map((field) => expect.objectContaining({ field })) },
});
const [email, password] = ['king@example.org', 'correct horse battery'];

describe('the fields of PUT /user', () => {
  it('are normalized', () => {
    expect(updateInput({ name: ' Ada King ', email: ' KING@Example.org', password })).toEqual({
      name: 'Ada King',
      emailChange: { email, password },
    });
    expect(updateInput({ name: 'Ada King' })).toEqual({ name: 'Ada King' });
    expect(updateInput({ locale: 'de' })).toEqual({ locale: 'de' });
    expect(updateInput({ email, password })).toEqual({ emailChange: { email, password } });
  });

  it.each([
    ['no field', {}, ['body']],
    ['an address without the password', { email }, ['password']],
    ['a password without an address', { name: 'Ada King', password }, ['password']],
    ['a language that the service does not have', { locale: 'fr' }, ['locale']],
    ['a tag that is not one of the listed ones', { locale: 'de-AT' }, ['locale']],
    ['several faults', { name: '\u200D', email: 'king', locale: '' }, ['name', 'email', 'locale', 'password']],
  ])('are refused by name: %s', (_fault, body, fields) => {
    expect(refusalOf(body)).toMatchObject(errors(...fields));
  });

  it('are refused without being repeated', () => {
    expect(JSON.stringify(refusalOf({ name: 'canary\nname', email: 'canary' }))).not.toContain('canary');
  });
});
