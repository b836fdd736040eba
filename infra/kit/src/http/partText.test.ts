import { expect, it } from '@jest/globals';
import { partText } from './partText.js';

it.each([
  ['"Ada \\"Countess\\" L"', 'application/json', 'Ada "Countess" L'],
  ['"Ad\\u00e0"', 'Application/JSON', 'Adà'],
  ['"Ada"', 'text/plain', '"Ada"'],
  ['Ada', 'application/json', 'Ada'],
  ['{"name":"Ada"}', 'application/json', '{"name":"Ada"}'],
])('of %s as %s is %s', (sent, mimeType, text) => {
  expect(partText(sent, mimeType)).toBe(text);
});
