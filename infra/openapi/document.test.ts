import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LIMITED_ROUTES } from '../../command-api/src/limits/limitRequests.js';
import { COMMAND_PROBLEMS } from '../../command-api/src/problems.js';
import { PICTURE_REJECTIONS, PICTURE_SIZES } from '../../contracts/src/processedPicture.js';
import { ROUTES } from '../../contracts/src/routes.js';
import { EVENT_FORMATS } from '../../query-api/src/audit/eventFormats.js';
import { PUBLIC_ROUTES } from '../../query-api/src/limits/publicRoutes.js';
import { QUERY_PROBLEMS } from '../../query-api/src/problems.js';
import { apiDocument, type OpenApi } from '../e2e/test/apiDocument.js';
import { BASE_PROBLEMS, type Problems } from '../kit/src/http/problem/problems.js';

interface Schema {
  type?: string | string[];
  format?: string;
  enum?: string[];
  'x-enum-varnames'?: string[];
  'x-any-of'?: Schema[];
  minLength?: number;
  maxLength?: number;
  additionalProperties?: unknown;
  properties?: Record<string, Schema>;
}

interface Operation {
  tags: string[];
  security?: Record<string, string[]>[];
  parameters: { name: string; in: string; description?: string; schema: Schema }[];
  requestBody?: unknown;
  responses: Record<string, { description: string; headers?: Record<string, { required?: boolean; schema: Schema }> }>;
}

const document = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../contracts/generated/openapi.json'), 'utf8'),
) as OpenApi & {
  info: { description: string };
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, object> };
};
const { schemas, securitySchemes } = document.components;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
);
const operation = (name: string) => operations.find((one) => one.name === name) as (typeof operations)[number];
const property = (schema: string, name: string): Schema | undefined => schemas[schema]?.properties?.[name];
const isLimited = (name: string) =>
  [...LIMITED_ROUTES, ...PUBLIC_ROUTES].some(({ method, path }) => `${method} ${path}` === name);
const routeOf = (name: string) => ROUTES.find(({ method, path }) => `${method} ${path}` === name);

const PROBLEMS: Problems = { ...BASE_PROBLEMS, ...COMMAND_PROBLEMS, ...QUERY_PROBLEMS };
const slugsIn = (text: string): string[] => [...text.matchAll(/`([a-z-]+)`/g)].map(([, slug]) => String(slug));
const slugsOf = (name: string, status: number): string[] =>
  slugsIn(operation(name).responses[status]?.description ?? '');

describe('the OpenAPI document', () => {
  it('lists operations and sections in the order in which a person meets them', () => {
    const met = [
      ...['post /auth/register', 'get /auth/confirm', 'post /auth/confirm', 'post /auth/login', 'post /auth/refresh'],
      ...['post /auth/logout', 'post /auth/password-reset', 'get /user', 'put /user', 'delete /user'],
      ...['get /erasures/{receipt}', 'get /users', 'post /users/{id}/suspension', 'get /audit/events'],
      ...['post /audit/grants', 'post /audit/grants/{id}/decision', 'get /audit/proof', 'post /hooks/ses'],
    ];
    expect(operations.map(({ name }) => name).filter((name) => met.includes(name))).toEqual(met);
    expect(document.tags.map(({ name }) => name)).toEqual([
      'Registration',
      'Session',
      'User',
      'Administration',
      'Audit',
      'Mail',
    ]);
    for (const { description } of document.tags) expect(description).toMatch(/\.$/);
  });

  it('says once that an X-Correlation-Id is a UUID, and that any other is replaced', () => {
    expect(document.info.description).toMatch(
      /`X-Correlation-Id`, a UUID, .* any other value is not refused, but replaced/,
    );
  });

  it('has examples that match their schemas', () => {
    expect(apiDocument(document).badExamples()).toEqual([]);
  });

  it('names the credential of every operation that takes one', () => {
    expect(operation('get /auth/refresh').security).toEqual([{ refreshToken: [] }]);
    expect(securitySchemes.refreshToken).toMatchObject({ type: 'http', scheme: 'bearer' });
    for (const { name, security } of operations) {
      const access = routeOf(name)?.access;
      if (access === 'signed-in') expect([name, security]).toEqual([name, expect.arrayContaining([{ bearer: [] }])]);
      if (Array.isArray(access)) expect([name, security]).toEqual([name, [{ bearer: [...access] }]]);
    }
  });

  it('declares the bounds that the service holds', () => {
    const bounds = (schema: string, name: string) => {
      const { minLength, maxLength } = property(schema, name) ?? {};
      return [minLength, maxLength];
    };
    for (const schema of ['RegisterRequest', 'UpdateUserRequest']) expect(bounds(schema, 'name')).toEqual([1, 100]);
    expect(bounds('RegisterRequest', 'password')).toEqual([15, 128]);
    expect(bounds('ChangePasswordRequest', 'newPassword')).toEqual([15, 128]);
    for (const schema of [
      'LoginRequest',
      'ConfirmRequest',
      'UpdateUserRequest',
      'ChangePasswordRequest',
      'EraseRequest',
    ])
      expect(bounds(schema, 'password')).toEqual([1, 1000]);
    for (const schema of ['SuspensionRequest', 'EraseByAdministratorRequest', 'RolesRequest', 'MailBlockEndRequest'])
      expect(bounds(schema, 'reason')).toEqual([1, 500]);
    for (const schema of ['RegisterRequest', 'LoginRequest', 'SendRequest', 'UpdateUserRequest'])
      expect(bounds(schema, 'email')).toEqual([5, 254]);
    expect(JSON.stringify(document)).not.toContain('x-declared');
  });

  it('names no schema as generators name what they make for an operation', () => {
    const ids = (operations as unknown as { operationId: string; requestBody?: unknown }[]).map((operation) => ({
      id: operation.operationId,
      body: JSON.stringify(operation.requestBody ?? {}),
    }));
    const endings = ['Response', 'Params', 'JSONBody', 'JSONRequestBody', 'Request'];
    const made = ids.flatMap(({ id, body }) =>
      endings
        .map((ending) => `${id[0]?.toUpperCase()}${id.slice(1)}${ending}`)
        .filter((name) => !body.includes(`/${name}"`)),
    );
    expect(made).toContain('LoginResponse');
    expect(Object.keys(schemas).filter((schema) => made.includes(schema))).toEqual([]);
  });

  it('has no union but of one schema and null, which some generators of clients cannot read', () => {
    const unions: object[][] = [];
    JSON.stringify(document, (key, value) => {
      if (key === 'oneOf' || key === 'anyOf') unions.push(value.filter(({ type }: Schema) => type !== 'null'));
      return key === 'x-any-of' ? undefined : value;
    });
    expect(unions).toContainEqual([{ $ref: '#/components/schemas/HistoryEntrySource' }]);
    expect(unions.filter((members) => members.length > 1 || members.some((member) => 'anyOf' in member))).toEqual([]);
  });

  it('says in words and in x-any-of what the values of a history are', () => {
    expect(property('HistoryChange', 'before')).toEqual({
      description: expect.stringMatching(
        /`null` if there was none.* One of: a string, an array of strings, `PictureState`, .*, `null`\.$/,
      ),
      'x-any-of': expect.arrayContaining([{ $ref: '#/components/schemas/PictureState' }, { type: 'null' }]),
    });
    expect(property('PastUserBody', 'email')?.['x-any-of']).toContainEqual({ type: 'string', format: 'email' });
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(['PictureState', 'MaskedValue', 'ErasedValue']));
  });

  it('gives members of enums names that an enum of Kotlin can have', () => {
    const enums: Schema[] = [];
    JSON.stringify(document, (_key, value) => {
      if (Array.isArray(value?.enum)) enums.push(value);
      return value;
    });
    const names = enums.map((one) => one['x-enum-varnames'] ?? one.enum);
    expect(names.flat()).toContain('MAIL_BLOCK');
    expect(names.filter((members) => members?.some((name) => ['name', 'ordinal', 'value'].includes(name)))).toEqual([]);
    const { enum: fields = [], 'x-enum-varnames': fieldNames } = property('HistoryChange', 'field') ?? {};
    expect(fieldNames).toEqual(fields.map((field) => field.replace(/[A-Z]/g, '_$&').toUpperCase()));
  });

  it('has no boolean of one value, which some generators take for a string', () => {
    const fixed = /"type":"boolean","(enum|const)"|"(enum|const)":(\[true\]|true)/;
    expect('{"type":"boolean","enum":[true]}').toMatch(fixed);
    expect(JSON.stringify(document)).not.toMatch(fixed);
  });

  it('describes the page that a browser is shown beside the JSON', () => {
    const { 200: success } = operation('get /erasures/{receipt}').responses as unknown as Record<
      string,
      { content: object }
    >;
    expect(Object.keys(success?.content ?? {})).toEqual(['application/json', 'text/html']);
  });

  it('names Accept-Language where the language of mails or pages follows it', () => {
    const named = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'Accept-Language'));
    expect(named.map(({ name }) => name)).toEqual([
      ...['post /auth/register', 'get /auth/confirm', 'post /auth/confirm', 'get /erasures/{receipt}'],
    ]);
  });

  it('describes text that holds JSON as text', () => {
    const { requestBody } = operation('post /hooks/ses') as { requestBody: { content: object } };
    expect(requestBody.content).toEqual({
      'text/plain': {
        schema: { type: 'string', contentMediaType: 'application/json' },
        examples: { default: { value: expect.stringContaining('"Type":"Notification"') } },
      },
    });
  });

  it('gives ids, times, addresses and numbers their formats', () => {
    const check = (owner: string, properties: Schema['properties'] = {}): void => {
      for (const [name, one] of Object.entries(properties)) {
        const { type, format = one['x-any-of']?.find((form) => form.type === 'string')?.format } = one;
        const at = `${owner}.${name}`;
        // That of an actor may be the name of a service.
        if (/(^id|Id)$/.test(name) && !at.endsWith('.actor.id')) expect([at, format]).toEqual([at, 'uuid']);
        if (/At$/.test(name)) expect([at, format]).toEqual([at, 'date-time']);
        if (name === 'email') expect([at, format]).toEqual([at, 'email']);
        expect([at, type]).not.toEqual([at, 'number']);
        check(at, one.properties);
      }
    };
    for (const [name, { properties }] of Object.entries(schemas)) check(name, properties);
    expect(property('HistoryEntry', 'session')?.properties?.id?.format).toBe('uuid');
    expect(property('TokenPair', 'expiresIn')?.type).toBe('integer');
    expect(property('OpenedSession', 'expiresIn')?.type).toBe('integer');
    expect(property('Problem', 'type')?.format).toBe('uri');
    for (const { name, parameters } of operations)
      for (const { name: parameter, schema } of parameters) {
        if (parameter === 'id') expect([name, schema.format]).toEqual([name, 'uuid']);
        if (/^(registered)?(from|to)$/i.test(parameter) && schema.type === 'string')
          expect([name, schema.format]).toEqual([name, 'date-time']);
        // A user or a service.
        if (parameter === 'actor')
          expect(schema).toEqual({ type: 'string', pattern: expect.stringContaining('|keeper|') });
      }
  });

  it('shows the columns of a table of events in their order', () => {
    const content = document.paths['/audit/events']?.get?.responses[200]?.content;
    expect(JSON.stringify(content?.['text/csv'])).toContain(
      JSON.stringify(EVENT_FORMATS['text/csv'].head).slice(1, -1),
    );
  });

  it('gives numbers that count the events of the log 64 bits, and no other number a bound that its format cannot hold', () => {
    const proofs = operation('get /audit/consistency').parameters.map(({ schema }) => schema);
    const counts = [property('IncludedEventBody', 'index'), property('InclusionProofBody', 'index')];
    const sizes = [property('ConsistencyProofBody', 'from'), property('ConsistencyProofBody', 'to')];
    for (const schema of [...proofs, ...counts, ...sizes]) expect(schema).toMatchObject({ format: 'int64' });
    const bounds = [...JSON.stringify(document).matchAll(/"format":"int32"[^{}]*"maximum":(\d+)/g)];
    expect(bounds.length).toBeGreaterThan(0);
    for (const [, maximum] of bounds) expect(Number(maximum)).toBeLessThan(2 ** 31);
  });

  it('declares Retry-After, WWW-Authenticate and ETag on the answers that carry them', () => {
    for (const { name, responses } of operations) {
      const required = (status: number, header: string) => [
        name,
        status,
        responses[status]?.headers?.[header]?.required,
      ];
      for (const status of [429, 503].filter((one) => one in responses))
        expect(required(status, 'Retry-After')).toEqual([name, status, false]);
      if (401 in responses) expect(required(401, 'WWW-Authenticate')).toEqual([name, 401, true]);
    }
    const ofOneUser = operations.filter(({ responses }) =>
      /schemas\/(Past)?UserBody/.test(JSON.stringify(responses[200] ?? {})),
    );
    expect(ofOneUser.length).toBeGreaterThan(4);
    for (const { name, responses } of ofOneUser) {
      const { ETag } = responses[200]?.headers ?? {};
      expect([name, ETag]).toEqual([
        name,
        expect.objectContaining({ required: true, description: expect.stringContaining('If-Match') }),
      ]);
    }
  });

  it('describes every parameter but ids', () => {
    for (const { name, parameters } of operations)
      for (const parameter of parameters.filter(({ name: parameterName }) => parameterName !== 'id'))
        expect([name, parameter]).toEqual([name, expect.objectContaining({ description: expect.any(String) })]);
  });

  it('closes the bodies of requests, and leaves those of answers open to new fields', () => {
    const closed = Object.keys(schemas).filter((name) => schemas[name]?.additionalProperties === false);
    expect(closed).toEqual(Object.keys(schemas).filter((name) => name.endsWith('Request')));
    expect(schemas.UserBody).not.toHaveProperty('additionalProperties');
    expect(schemas.PictureBody).not.toHaveProperty('additionalProperties');
  });

  it('lists every reason for which a picture is rejected, and a link for every size', () => {
    expect(property('PictureBody', 'reason')?.enum).toEqual([...PICTURE_REJECTIONS]);
    const sizes = [...PICTURE_SIZES].sort((a, b) => a - b).map(String);
    expect(Object.keys(property('PictureBody', 'urls')?.properties ?? {})).toEqual(sizes);
  });

  it('lists problems under their own status, and none that is in no table', () => {
    for (const { name, responses } of operations)
      for (const [status, { description }] of Object.entries(responses))
        for (const slug of Number(status) >= 400 ? slugsIn(description) : [])
          expect([name, slug, PROBLEMS[slug]?.[0]]).toEqual([name, slug, Number(status)]);
  });

  it('lists every problem that the services have', () => {
    const listed = new Set(
      operations
        .flatMap(({ responses }) => Object.values(responses))
        .flatMap(({ description }) => slugsIn(description)),
    );
    expect(Object.keys(PROBLEMS).filter((slug) => !listed.has(slug))).toEqual([]);
  });

  it('lists for every operation the problems that follow from its route', () => {
    for (const { name, security = [], parameters, requestBody } of operations) {
      const expected = (status: number, slug: string) =>
        expect([name, status, slugsOf(name, status)]).toEqual([name, status, expect.arrayContaining([slug])]);
      expected(400, 'validation-failed');
      expected(503, 'busy');
      const roles = security.flatMap(({ bearer }) => bearer ?? []);
      if (security.some((schemes) => 'bearer' in schemes)) expected(401, 'unauthenticated');
      if (security.length > 0 || isLimited(name)) expected(429, 'too-many-requests');
      if (roles.length > 0) expected(403, 'forbidden');
      if (parameters.some((parameter) => parameter.in === 'path')) expected(404, 'not-found');
      if (parameters.some((parameter) => parameter.name === 'If-Match')) expected(412, 'stale-revision');
      if (parameters.some((parameter) => parameter.name === 'Idempotency-Key')) expected(422, 'idempotency-key-reused');
      if (parameters.some((parameter) => parameter.name === 'X-Consistency-Token')) expected(503, 'not-yet-visible');
      if (routeOf(name)?.checksSecret) expected(429, 'too-many-attempts');
      if (requestBody === undefined) continue;
      for (const [status, slug] of [
        [400, 'body-unreadable'],
        [413, 'body-too-large'],
        [415, 'media-type-unsupported'],
      ] as const)
        expected(status, slug);
    }
  });
});
