import { describe, expect, it } from '@jest/globals';
import { joinDocuments } from './joinDocuments.mjs';

const schemaRef = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } });

const problem = { type: 'object', properties: { title: { type: 'string' } }, example: { title: 'No' } };
const user = {
  type: 'object',
  properties: {
    picture: { type: 'number', enum: [null], nullable: true },
    next: { type: 'string', nullable: true },
    name: { type: 'string', nullable: false },
    manager: { allOf: [{ $ref: '#/components/schemas/Problem' }], nullable: true },
    status: { type: 'string', enum: ['active'] },
  },
  example: { picture: null },
};

/** The document that tsoa generates for a service with one operation. */
const generated = (method: string, path: string, schemas: Record<string, unknown> = {}) => ({
  openapi: '3.0.0',
  paths: {
    [path]: {
      [method]: {
        operationId: `${method}${path.replace(/\W/g, '')}`,
        responses: {
          200: { description: 'Ok', content: { 'application/json': schemaRef('User') } },
          409: { description: 'taken', content: { 'application/json': schemaRef('Problem') } },
        },
      },
    },
  },
  components: {
    schemas: { User: user, Problem: problem, ...schemas },
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
  },
});

const options = { info: { title: 'Users', version: '1' }, servers: [{ url: '/api/v1' }], roles: ['admin'] };

describe('joinDocuments', () => {
  it('returns one OpenAPI 3.1 document with the operations of both services', () => {
    const joined = joinDocuments([generated('put', '/user'), generated('get', '/user')], options);
    expect(joined.openapi).toMatch(/^3\.1\./);
    expect(Object.keys(joined.paths['/user'] ?? {})).toEqual(['put', 'get']);
  });

  it('converts nullable schemas to the null type of OpenAPI 3.1 and keeps examples', () => {
    const { User } = joinDocuments([generated('get', '/user')], options).components.schemas as { User: typeof user };
    expect(User.properties).toEqual({
      picture: { type: 'null' },
      next: { type: ['string', 'null'] },
      name: { type: 'string' },
      manager: { anyOf: [{ allOf: [{ $ref: '#/components/schemas/Problem' }] }, { type: 'null' }] },
      status: { type: 'string', enum: ['active'] },
    });
    expect(User).toMatchObject({ examples: [{ picture: null }] });
  });

  it('sets the media type of problems and adds a default problem to every operation', () => {
    const operation = joinDocuments([generated('get', '/user')], options).paths['/user']?.get;
    const asProblem = { content: { 'application/problem+json': schemaRef('Problem') } };
    expect(operation).toMatchObject({ responses: { 409: asProblem, default: asProblem } });
    expect(operation).toMatchObject({ responses: { 200: { content: { 'application/json': schemaRef('User') } } } });
  });

  it('keeps the other media types of an error response', () => {
    const document = generated('post', '/confirm');
    const content = { 'application/json': schemaRef('Problem'), 'text/html': { schema: { type: 'string' } } };
    Object.assign(document.paths['/confirm']?.post?.responses ?? {}, { 403: { description: 'no', content } });
    const operation = joinDocuments([document], options).paths['/confirm']?.post as { responses: object };
    expect(operation.responses).toMatchObject({
      403: {
        content: { 'application/problem+json': schemaRef('Problem'), 'text/html': { schema: { type: 'string' } } },
      },
    });
  });

  it('throws if two services serve the same operation or define a schema differently', () => {
    expect(() => joinDocuments([generated('get', '/user'), generated('get', '/user')], options)).toThrow(
      'two services serve get /user',
    );
    const other = generated('put', '/user', { User: { type: 'string' } });
    expect(() => joinDocuments([generated('get', '/user'), other], options)).toThrow(
      'two services define schema User differently',
    );
  });

  it('throws if a route requires an unknown role', () => {
    const document = generated('get', '/users');
    const secured = (role: string) => {
      const operation = { ...(document.paths['/users'] as { get: object }).get, security: [{ bearer: [role] }] };
      return () => joinDocuments([{ ...document, paths: { '/users': { get: operation } } }], options);
    };
    expect(secured('admin')).not.toThrow();
    expect(secured('admn')).toThrow('get /users requires the unknown role admn');
  });
});
