import { expect, it } from '@jest/globals';
import { undoUntil } from './undoUntil.js';

it('E-05 lets a change of the address be undone for seven days', () => {
  expect(undoUntil('2026-02-25T12:00:00.000Z')).toEqual(new Date('2026-03-04T12:00:00.000Z'));
});
