import { describe, expect, it } from '@jest/globals';
import { apiDocument, type OpenApi } from './apiDocument.js';

const about = { 'x-any-of': [{ type: 'string' }, { type: 'null' }] };
const User = { type: 'object', properties: { name: { type: 'string' }, about }, required: ['name'] };
const Problem = {
  type: 'object',
  properties: { type: { type: 'string' }, title: { type: 'string' } },
  required: ['title'],
  examples: [{ title: 'No' }],
};
const body = { schema: { $ref: '#/components/schemas/User' } };

const document: OpenApi = {
  openapi: '3.1.1',
  servers: [{ url: '/api/v1' }],
  paths: {
    '/users/{id}': {
      get: {
        responses: {
          200: { headers: { ETag: { required: true } }, content: { 'application/json': body } },
          204: {},
          409: {
            description: '`conflict`',
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        },
      },
      put: {
        requestBody: { content: { 'application/json': { ...body, example: { name: 1 } }, 'text/plain': {} } },
        responses: {},
      },
    },
  },
  components: { schemas: { User, Problem } },
};

const { check, operations, badExamples } = apiDocument(document);

const mismatches = (status: number, type: string | undefined, json: unknown, others: Record<string, string> = {}) => {
  const headers = new Headers({ ...(type === undefined ? {} : { 'content-type': type }), ...others });
  return check({ method: 'GET', path: '/users/1', status, headers, json }).mismatches;
};

const etag = { etag: '"1"' };

describe('check', () => {
  it('finds no mismatch in documented answers', () => {
    expect(operations).toEqual(['get /users/{id}', 'put /users/{id}']);
    expect(mismatches(200, 'application/json; charset=utf-8', { name: 'Ada' }, etag)).toEqual([]);
    expect(mismatches(200, 'application/json', { name: 'Ada', about: null }, etag)).toEqual([]);
    expect(mismatches(204, undefined, undefined)).toEqual([]);
    expect(mismatches(404, 'application/problem+json', { title: 'No' })).toEqual([]);
    expect(mismatches(409, 'application/problem+json', { type: '/problems/conflict', title: 'No' })).toEqual([]);
  });

  it.each([
    ['an undocumented status', [201, 'application/json', { name: 'Ada' }], 'undocumented status'],
    ['an undocumented media type', [200, 'text/html', undefined, etag], 'undocumented media type text/html'],
    ['a body where none is documented', [204, 'application/json', {}], 'undocumented media type application/json'],
    [
      'an error that is no problem',
      [404, 'application/json', { title: 'No' }],
      'undocumented media type application/json',
    ],
    [
      'a problem that the status does not list',
      [409, 'application/problem+json', { type: '/problems/stale', title: 'No' }],
      'undocumented problem stale',
    ],
    ['a missing header', [200, 'application/json', { name: 'Ada' }], 'missing header ETag'],
    ['a missing property', [200, 'application/json', {}, etag], "body must have required property 'name'"],
    ['a value of the wrong type', [200, 'application/json', { name: 1 }, etag], 'body/name must be string'],
    [
      'an undocumented property',
      [200, 'application/json', { name: 'Ada', hash: '' }, etag],
      'body must NOT have unevaluated properties',
    ],
  ] as const)('reports %s', (_what, [status, type, json, others], mismatch) => {
    expect(mismatches(status, type, json, others)).toEqual([mismatch]);
  });

  it('reports a value of none of the forms that a value of any form is said to have', () => {
    const found = mismatches(200, 'application/json', { name: 'Ada', about: 1 }, etag);
    expect(found).toContain('body/about must match a schema in anyOf');
  });

  it('returns no operation for a path that is not in the document', () => {
    const exchange = { method: 'GET', path: '/nothing', status: 404, headers: new Headers(), json: undefined };
    expect(check(exchange).operation).toBeUndefined();
  });
});

describe('badExamples', () => {
  it('reports request bodies and answers without an example, and examples that do not match the schema', () => {
    expect(badExamples()).toEqual([
      'get /users/{id} 200 application/json has no example',
      'put /users/{id} application/json body/name must be string',
      'put /users/{id} text/plain has no example',
    ]);
  });
});
