import { isDeepStrictEqual } from 'node:util';
import { upgrade } from '@scalar/openapi-parser';

const PROBLEM = '#/components/schemas/Problem';

const ANY_PROBLEM = {
  description: 'Every error is a problem (RFC 9457); its `type` ends with the slug.',
  content: { 'application/problem+json': { schema: { $ref: PROBLEM } } },
};

const isObject = (value) => typeof value === 'object' && value !== null;

/** Adds what `from` has to `into`; what both have must be the same. */
const merge = (into, from, what) => {
  for (const [name, value] of Object.entries(from ?? {})) {
    if (name in into && !isDeepStrictEqual(into[name], value)) throw new Error(`two services define ${what} ${name}`);
    into[name] = value;
  }
};

/** tsoa writes null as a nullable number or as `nullable` beside a reference; in 3.1 null is a type. */
const withNullTypes = (schema) => {
  const { nullable, ...rest } = schema;
  const nullOnly = Array.isArray(schema.enum) && schema.enum.every((value) => value === null);
  if (nullOnly) {
    const { enum: _values, type: _type, ...described } = rest;
    return { ...described, type: 'null' };
  }
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
};

/** Rebuilds a tree bottom up. */
const mapObjects = (value, change) => {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapObjects(inner, change)])));
};

/** Problems have a media type of their own, and every operation may answer one. */
const withProblems = (operation) => {
  const responses = Object.entries(operation.responses).map(([status, response]) => {
    const { 'application/json': json, ...others } = response.content ?? {};
    if (json?.schema?.$ref !== PROBLEM) return [status, response];
    return [status, { ...response, content: { 'application/problem+json': json, ...others } }];
  });
  return { ...operation, responses: { ...Object.fromEntries(responses), default: ANY_PROBLEM } };
};

/** A typo in `@Security('bearer', ['admn'])` would lock a route for good, or open it: so it fails the build. */
const checkRoles = (name, { security = [] }, roles) => {
  const unknown = security.flatMap((schemes) => Object.values(schemes).flat()).find((role) => !roles.includes(role));
  if (unknown !== undefined) throw new Error(`${name} names the role ${unknown}, which does not exist`);
};

/**
 * Joins the documents tsoa makes of each service (OpenAPI 3.0) into one of OpenAPI 3.1.
 * @param roles every role a route may name.
 * @throws Error when two services define the same operation, or one name differently, or a route names an unknown role
 */
export const joinDocuments = (documents, { info, servers, roles }) => {
  const paths = {};
  const components = { schemas: {}, securitySchemes: {} };
  for (const document of documents) {
    merge(components.schemas, document.components?.schemas, 'schema');
    merge(components.securitySchemes, document.components?.securitySchemes, 'security scheme');
    for (const [path, operations] of Object.entries(document.paths)) {
      paths[path] ??= {};
      for (const [method, operation] of Object.entries(operations)) {
        if (method in paths[path]) throw new Error(`two services serve ${method} ${path}`);
        checkRoles(`${method} ${path}`, operation, roles);
        paths[path][method] = withProblems(operation);
      }
    }
  }
  const joined = { openapi: '3.0.3', info, servers, paths, components };
  const { specification } = upgrade(joined, '3.1');
  return mapObjects(specification, (node) => ('nullable' in node || 'enum' in node ? withNullTypes(node) : node));
};
