import { describe, expect, it } from '@jest/globals';
import { apiDocument, type OpenApi } from './apiDocument.js';

const User = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
const Problem = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
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

const { faultsOf, operations, badExamples } = apiDocument(document);

const faults = (status: number, type: string | undefined, json: unknown, others: Record<string, string> = {}) => {
  const headers = new Headers({ ...(type === undefined ? {} : { 'content-type': type }), ...others });
  return faultsOf({ method: 'GET', path: '/users/1', status, headers, json }).faults;
};

const etag = { etag: '"1"' };

describe('an answer held against the document', () => {
  it('is without fault when it is as documented', () => {
    expect(operations).toEqual(['get /users/{id}', 'put /users/{id}']);
    expect(faults(200, 'application/json; charset=utf-8', { name: 'Ada' }, etag)).toEqual([]);
    expect(faults(204, undefined, undefined)).toEqual([]);
    expect(faults(404, 'application/problem+json', { title: 'No' })).toEqual([]);
  });

  it.each([
    ['a status', [201, 'application/json', { name: 'Ada' }], 'a status that is not documented'],
    ['a media type', [200, 'text/html', undefined, etag], 'media type text/html'],
    ['a body where none is', [204, 'application/json', {}], 'media type application/json'],
    ['a refusal of another shape', [404, 'application/json', { title: 'No' }], 'media type application/json'],
    ['a header missing', [200, 'application/json', { name: 'Ada' }], 'no header ETag'],
    ['a property missing', [200, 'application/json', {}, etag], "body must have required property 'name'"],
    ['a value of another type', [200, 'application/json', { name: 1 }, etag], 'body/name must be string'],
    [
      'a property not documented',
      [200, 'application/json', { name: 'Ada', hash: '' }, etag],
      'body must NOT have unevaluated properties',
    ],
  ] as const)('is faulty for %s', (_what, [status, type, json, others], fault) => {
    expect(faults(status, type, json, others)).toEqual([fault]);
  });

  it('is of no operation where the document has none', () => {
    const asked = { method: 'GET', path: '/nothing', status: 404, headers: new Headers(), json: undefined };
    expect(faultsOf(asked).operation).toBeUndefined();
  });
});

describe('examples of request bodies', () => {
  it('are missed where there is none, and held against the schema', () => {
    expect(badExamples()).toEqual([
      'put /users/{id} application/json body/name must be string',
      'put /users/{id} text/plain has none',
    ]);
  });
});
