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
    value: {
      anyOf: [{ type: 'boolean' }, { type: 'string' }],
      description: 'Either.',
      format: 'email',
      nullable: true,
    },
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

/** An operation of `/user` in the joined document. */
const joinedOperation = (documents: unknown[], method: string) =>
  joinDocuments(documents, options).paths['/user']?.[method] as { parameters: { schema: object }[]; responses: object };

describe('joinDocuments', () => {
  it('returns one OpenAPI 3.1 document with the operations of both services', () => {
    const joined = joinDocuments([generated('put', '/user'), generated('get', '/user')], options);
    expect(joined.openapi).toMatch(/^3\.1\./);
    expect(Object.keys(joined.paths['/user'] ?? {})).toEqual(['get', 'put']);
  });

  it('converts nullable schemas to the null type of OpenAPI 3.1 and keeps examples', () => {
    const { User } = joinDocuments([generated('get', '/user')], options).components.schemas as { User: typeof user };
    expect(User.properties).toEqual({
      picture: { type: 'null' },
      next: { type: ['string', 'null'] },
      name: { type: 'string' },
      manager: { anyOf: [{ allOf: [{ $ref: '#/components/schemas/Problem' }] }, { type: 'null' }] },
      value: {
        description: 'Either. One of: a boolean, a string, `null`.',
        'x-any-of': [{ type: 'boolean' }, { type: 'string', format: 'email' }, { type: 'null' }],
      },
      status: { type: 'string', enum: ['active'] },
    });
    expect(User).toMatchObject({ examples: [{ picture: null }] });
  });

  it('makes one object of a union of objects, and any value of a union with an array, and keeps both unions', () => {
    const object = (name: string, required: string[]) => ({
      ...{ type: 'object', properties: { at: { type: 'string' }, [name]: { type: 'string' } }, required },
    });
    const anyOf = ['A', 'B'].map((name) => ({ $ref: `#/components/schemas/${name}` }));
    const list = { type: 'array', items: { type: 'string' } };
    const properties = {
      one: { anyOf },
      none: { anyOf, nullable: true, description: 'Why' },
      some: { anyOf: [list, ...anyOf] },
    };
    const User = { type: 'object', properties };
    const schemas = { User, A: object('a', ['a', 'at']), B: object('b', ['at']) };
    const joined = joinDocuments([generated('get', '/user', schemas)], options).components.schemas;
    expect(joined).toMatchObject({
      User: {
        properties: {
          one: { anyOf: [{ $ref: '#/components/schemas/UserOne' }], 'x-any-of': anyOf },
          none: {
            description: 'Why',
            anyOf: [{ $ref: '#/components/schemas/UserNone' }, { type: 'null' }],
            'x-any-of': [...anyOf, { type: 'null' }],
          },
          some: { description: 'One of: an array of strings, `A`, `B`.', 'x-any-of': [list, ...anyOf] },
        },
      },
      UserNone: {
        ...{ description: 'One of: `A`, `B`.', type: 'object', required: ['at'] },
        properties: { at: { type: 'string' }, a: { type: 'string' }, b: { type: 'string' } },
      },
    });
    const B = { type: 'object', properties: { at: { type: 'boolean' } } };
    expect(() => joinDocuments([generated('get', '/user', { ...schemas, B })], options)).toThrow(
      'the members of the union UserOne define at differently',
    );
    expect(() =>
      joinDocuments(
        [
          generated('put', '/user', {
            ...schemas,
            Problem: { ...object('c', []), properties: { p: { $ref: '#/components/schemas/UserOne' } } },
            UserOne: object('d', []),
          }),
        ],
        options,
      ),
    ).toThrow('the union UserOne has the name of a schema');
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

  it('adds a form with the same fields and the file to an operation that names a file', () => {
    const change = { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false };
    const document = generated('put', '/user', { Change: change });
    const body = (content: object) => ({ 'x-file': 'picture', requestBody: { required: true, content } });
    const put = document.paths['/user']?.put as object;
    Object.assign(put, body({ 'application/json': schemaRef('Change') }));
    const joined = joinDocuments([document], options).paths['/user']?.put as { requestBody: object };
    expect(joined).not.toHaveProperty('x-file');
    expect(joined.requestBody).toMatchObject({
      required: true,
      content: {
        'application/json': schemaRef('Change'),
        'multipart/form-data': {
          schema: {
            ...change,
            properties: { name: { type: 'string' }, picture: { type: 'string', format: 'binary' } },
          },
          encoding: { picture: { contentType: 'image/jpeg, image/png, image/webp' } },
        },
      },
    });
    Object.assign(put, body({}));
    expect(() => joinDocuments([document], options)).toThrow('has a file but no JSON body');
  });

  it('adds a form with the same fields and further ones, with a schema of its own', () => {
    const request = { type: 'object', properties: { token: { type: 'string' } }, required: ['token'] };
    const document = generated('post', '/confirm', { Confirm: request });
    const post = document.paths['/confirm']?.post as object;
    const body = (content: object) => ({ 'x-form': { again: 'Repeated.' }, requestBody: { required: true, content } });
    Object.assign(post, body({ 'application/json': schemaRef('Confirm') }));
    const joined = joinDocuments([document], options).paths['/confirm']?.post as { requestBody: object };
    expect(joined).not.toHaveProperty('x-form');
    const properties = { token: { type: 'string' }, again: { type: 'string', description: 'Repeated.' } };
    expect(joined.requestBody).toMatchObject({
      required: true,
      content: {
        'application/json': schemaRef('Confirm'),
        'application/x-www-form-urlencoded': { schema: { ...request, properties } },
      },
    });
    Object.assign(post, body({}));
    expect(() => joinDocuments([document], options)).toThrow('has a form but no JSON body');
  });

  it('adds a page to the success and to every problem of an operation that browsers are shown', () => {
    const document = generated('post', '/confirm');
    Object.assign(document.paths['/confirm']?.post as object, { 'x-page': true });
    const operation = joinDocuments([document], options).paths['/confirm']?.post;
    const { responses } = operation as { responses: Record<string, { content: object }> };
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '400', '413', 'default']));
    for (const { content } of Object.values(responses))
      expect(content).toMatchObject({ 'text/html': { schema: { type: 'string' } } });
  });

  it('adds the media type of a file that an operation answers with', () => {
    const document = generated('post', '/export');
    const post = document.paths['/export']?.post as unknown as { responses: Record<string, object> };
    Object.assign(post, { 'x-answers': 'application/zip' });
    expect(() => joinDocuments([document], options)).toThrow('answers with a file and with another body');
    post.responses[200] = { description: 'The archive' };
    const joined = joinDocuments([document], options).paths['/export']?.post as unknown as typeof post;
    expect(joined).not.toHaveProperty('x-answers');
    expect(joined.responses[200]).toEqual({
      description: 'The archive',
      content: { 'application/zip': { schema: { type: 'string', format: 'binary' } } },
    });
  });

  it('adds the media types that an operation streams, each with its line of the first item', () => {
    const event = { id: 'e1', actor: { kind: 'service', id: 'notifier' }, at: 'now', correlationId: 'c1' };
    const Page = { type: 'object', properties: {}, example: { items: [event] } };
    const document = generated('get', '/events', { Page });
    const get = document.paths['/events']?.get as unknown as { responses: Record<string, object> };
    get.responses[200] = { description: 'Ok', content: { 'application/json': schemaRef('Page') } };
    Object.assign(get, { 'x-streams': ['application/x-ndjson', 'text/csv'] });
    const joined = joinDocuments([document], options).paths['/events']?.get as unknown as typeof get;
    expect(joined).not.toHaveProperty('x-streams');
    const text = (value: string) => ({ schema: { type: 'string' }, examples: { default: { value } } });
    expect(joined.responses[200]).toMatchObject({
      content: {
        'application/json': schemaRef('Page'),
        'application/x-ndjson': text(`${JSON.stringify(event)}\n`),
        'text/csv': text('id,actorKind,actorId,at,correlationId,grantId\r\ne1,service,notifier,now,c1,\r\n'),
      },
    });
    Object.assign(get, { 'x-streams': ['text/html'] });
    expect(() => joinDocuments([document], options)).toThrow('streams text/html, which has no example');
    get.responses[200] = { description: 'Ok', content: { 'application/json': schemaRef('User') } };
    expect(() => joinDocuments([document], options)).toThrow('has no page with an example');
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

  it('puts operations in the order in which a person meets them, and others behind the path they belong to', () => {
    const documents = [
      ...[generated('get', '/other'), generated('delete', '/users/{id}/picture'), generated('get', '/users')],
      ...[generated('post', '/user/erasure'), generated('get', '/user'), generated('post', '/auth/register')],
      ...[generated('get', '/auth/refresh'), generated('post', '/auth/refresh')],
    ];
    const { paths } = joinDocuments(documents, options);
    const order = [
      '/auth/register',
      '/auth/refresh',
      '/user',
      '/user/erasure',
      '/users',
      '/users/{id}/picture',
      '/other',
    ];
    expect(Object.keys(paths)).toEqual(order);
    expect(Object.keys(paths['/auth/refresh'] ?? {})).toEqual(['post', 'get']);
  });

  it('lists the tags in the order of their operations, with their descriptions', () => {
    const tagged = (path: string, tag: string) => {
      const document = generated('get', path);
      Object.assign(document.paths[path]?.get ?? {}, { tags: [tag] });
      return document;
    };
    const documents = [tagged('/users', 'Users'), tagged('/auth/confirm', 'Registration')];
    const joined = joinDocuments(documents, { ...options, tags: { Users: 'All of them.' } });
    expect(joined).toMatchObject({ tags: [{ name: 'Registration' }, { name: 'Users', description: 'All of them.' }] });
  });

  it('opens the schemas of responses and leaves those of requests closed', () => {
    const closed = { type: 'object', properties: {}, additionalProperties: false };
    const map = { type: 'object', additionalProperties: { type: 'string' } };
    const document = generated('put', '/user', { Change: closed, User: { ...closed, properties: { map } } });
    const requestBody = { content: { 'application/json': schemaRef('Change') } };
    Object.assign(document.paths['/user']?.put ?? {}, { requestBody });
    const { schemas } = joinDocuments([document], options).components;
    expect(schemas).toMatchObject({ Change: closed, User: { type: 'object', properties: { map } } });
    expect((schemas as Record<string, object>).User).not.toHaveProperty('additionalProperties');
    const inBoth = { content: { 'application/json': schemaRef('User') } };
    Object.assign(document.paths['/user']?.put ?? {}, { requestBody: inBoth });
    expect(() => joinDocuments([document], options)).toThrow('the schema User is used in a request and in a response');
  });

  it('declares the bounds that hold after normalization, and the format of parameters that are UUIDs', () => {
    const name = { type: 'string', minLength: 1, maxLength: 1000, 'x-declared': { maxLength: 100 } };
    const document = generated('get', '/user', { User: { type: 'object', properties: { name } } });
    const parameters = ['^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', '^[a-z0-9-]+$'].map((pattern, index) => ({
      ...{ in: 'path', name: `p${index}`, required: true, schema: { type: 'string', pattern } },
    }));
    Object.assign(document.paths['/user']?.get ?? {}, { parameters });
    const joined = joinDocuments([document], options);
    expect(joined.components).toMatchObject({
      schemas: { User: { properties: { name: { type: 'string', minLength: 1, maxLength: 100 } } } },
    });
    expect(JSON.stringify(joined)).not.toContain('x-declared');
    const [id, slug] = joinedOperation([document], 'get').parameters;
    expect(id?.schema).toEqual({ type: 'string', format: 'uuid' });
    expect(slug?.schema).not.toHaveProperty('format');
  });

  it('throws if text that holds JSON has no example', () => {
    const document = generated('put', '/notice');
    const requestBody = { content: { 'text/plain': schemaRef('Change') } };
    Object.assign(document.paths['/notice']?.put ?? {}, { requestBody });
    document.components.schemas = { ...document.components.schemas, Change: { type: 'object' } } as never;
    expect(() => joinDocuments([document], options)).toThrow('putnotice takes text, but its schema has no example');
  });

  it('adds the problems of the host to those of the operation, and throws if these are no slugs', () => {
    const document = generated('put', '/user');
    const operation = document.paths['/user']?.put;
    Object.assign(operation ?? {}, { requestBody: { content: { 'application/json': schemaRef('Change') } } });
    document.components.schemas = { ...document.components.schemas, Change: { type: 'object' } } as never;
    const responses = () => joinedOperation([document], 'put').responses;
    expect(responses()).toMatchObject({
      400: { description: '`validation-failed`, `body-unreadable`' },
      409: { description: '`taken`', headers: { 'Retry-After': { required: false } } },
      413: { description: '`body-too-large`' },
      503: { description: '`busy`', headers: { 'Retry-After': { required: false } } },
      default: { description: expect.stringContaining('`internal-error`') },
    });
    Object.assign(operation?.responses[409] ?? {}, { description: 'The name is taken' });
    expect(responses).toThrow('put /user describes 409 by a text that is no list of slugs: The name is taken');
  });
});
