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

/** What tsoa writes for a service of one operation. */
const made = (method: string, path: string, schemas: Record<string, unknown> = {}) => ({
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

const frame = { info: { title: 'Users', version: '1' }, servers: [{ url: '/api/v1' }], roles: ['admin'] };

describe('joinDocuments', () => {
  it('makes one document of OpenAPI 3.1 that has the operations of both', () => {
    const joined = joinDocuments([made('put', '/user'), made('get', '/user')], frame);
    expect(joined.openapi).toMatch(/^3\.1\./);
    expect(Object.keys(joined.paths['/user'] ?? {})).toEqual(['put', 'get']);
  });

  it('writes null as the type it is in 3.1 and keeps examples', () => {
    const { User } = joinDocuments([made('get', '/user')], frame).components.schemas as { User: typeof user };
    expect(User.properties).toEqual({
      picture: { type: 'null' },
      next: { type: ['string', 'null'] },
      name: { type: 'string' },
      manager: { anyOf: [{ allOf: [{ $ref: '#/components/schemas/Problem' }] }, { type: 'null' }] },
      status: { type: 'string', enum: ['active'] },
    });
    expect(User).toMatchObject({ examples: [{ picture: null }] });
  });

  it('gives problems their media type and every operation a default problem', () => {
    const operation = joinDocuments([made('get', '/user')], frame).paths['/user']?.get;
    const asProblem = { content: { 'application/problem+json': schemaRef('Problem') } };
    expect(operation).toMatchObject({ responses: { 409: asProblem, default: asProblem } });
    expect(operation).toMatchObject({ responses: { 200: { content: { 'application/json': schemaRef('User') } } } });
  });

  it('leaves a refusal what else it is answered with', () => {
    const document = made('post', '/confirm');
    const content = { 'application/json': schemaRef('Problem'), 'text/html': { schema: { type: 'string' } } };
    Object.assign(document.paths['/confirm']?.post?.responses ?? {}, { 403: { description: 'no', content } });
    const operation = joinDocuments([document], frame).paths['/confirm']?.post as { responses: object };
    expect(operation.responses).toMatchObject({
      403: {
        content: { 'application/problem+json': schemaRef('Problem'), 'text/html': { schema: { type: 'string' } } },
      },
    });
  });

  it('refuses two services that serve one operation or define one schema differently', () => {
    expect(() => joinDocuments([made('get', '/user'), made('get', '/user')], frame)).toThrow(
      'two services serve get /user',
    );
    const other = made('put', '/user', { User: { type: 'string' } });
    expect(() => joinDocuments([made('get', '/user'), other], frame)).toThrow('two services define schema User');
  });

  it('refuses a route that names a role that does not exist', () => {
    const document = made('get', '/users');
    const secured = (role: string) => {
      const operation = { ...(document.paths['/users'] as { get: object }).get, security: [{ bearer: [role] }] };
      return () => joinDocuments([{ ...document, paths: { '/users': { get: operation } } }], frame);
    };
    expect(secured('admin')).not.toThrow();
    expect(secured('admn')).toThrow('get /users names the role admn, which does not exist');
  });
});
