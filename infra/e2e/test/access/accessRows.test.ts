import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { apiDocument } from '../apiDocument.js';
import { administrators, cellsOf, everyone } from './accessCells.js';
import { ACCESS_ROWS } from './accessRows.js';

const document = readFileSync(join(import.meta.dirname, '../../../../contracts/generated/openapi.json'), 'utf8');

describe('the rows of the access matrix', () => {
  it('Z-01 are one for each operation of the API document, and no others', () => {
    const { operations } = apiDocument(JSON.parse(document));
    expect(Object.keys(ACCESS_ROWS).sort()).toEqual([...operations].sort());
  });
});

describe('the cells of a row', () => {
  it('are one for each caller, and for each target where the path has an id', () => {
    expect(cellsOf('get /user', { answers: everyone('200') })).toHaveLength(7);
    const cells = cellsOf('get /users/{id}', { answers: administrators('200') });
    expect(cells).toHaveLength(7 * 4 - 1);
    expect(cells).toContainEqual({ caller: 'anonymous', target: 'other', answer: '401 unauthenticated' });
    expect(cells).toContainEqual({ caller: 'user', target: 'own', answer: '403 forbidden' });
    expect(cells).toContainEqual({ caller: 'administrator', target: 'suspended', answer: '200' });
    expect(cells).toContainEqual({ caller: 'administrator', target: 'erased', answer: '404 not-found' });
  });
});
