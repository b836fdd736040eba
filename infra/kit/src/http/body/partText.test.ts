import { expect, it } from '@jest/globals';
import { partText } from './partText.js';

it.each([
  ['"Ada \\"Countess\\" L"', 'application/json', 'Ada "Countess" L'],
  ['"Ad\\u00e0"', 'Application/JSON', 'Adà'],
  ['"Ada"', 'text/plain', '"Ada"'],
  ['Ada', 'application/json', 'Ada'],
  ['{"name"', 'application/json', '{"name"'],
  ['1815', 'application/json', '1815'],
  ['true', 'application/json', 'true'],
  ['null', 'text/plain', 'null'],
  ['null', 'application/json', null],
  ['{"name":"Ada"}', 'application/json', undefined],
  ['["Ada"]', 'application/json', undefined],
])('of %s as %s is %s', (sent, mimeType, text) => {
  expect(partText(sent, mimeType)).toBe(text);
});
