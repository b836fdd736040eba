import { isDeepStrictEqual } from 'node:util';
import { upgrade } from '@scalar/openapi-parser';

const PROBLEM = '#/components/schemas/Problem';

const ANY_PROBLEM = {
  description: 'Every error is a problem (RFC 9457); its `type` ends with the slug.',
  content: { 'application/problem+json': { schema: { $ref: PROBLEM } } },
};

const isObject = (value) => typeof value === 'object' && value !== null;

/** Adds the entries of `from` to `into`. @throws Error when both have an entry of one name with different values */
const merge = (into, from, kind) => {
  for (const [name, value] of Object.entries(from ?? {})) {
    if (name in into && !isDeepStrictEqual(into[name], value))
      throw new Error(`two services define ${kind} ${name} differently`);
    into[name] = value;
  }
};

/** tsoa writes null as a nullable number or as `nullable` next to a reference; OpenAPI 3.1 has a type for null. */
const withNullTypes = (schema) => {
  const { nullable, ...rest } = schema;
  const nullOnly = Array.isArray(schema.enum) && schema.enum.every((value) => value === null);
  if (nullOnly) {
    const { enum: _values, type: _type, ...described } = rest;
    return { ...described, type: 'null' };
  }
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
};

/** Copies a tree bottom up, with `change` applied to each object. */
const mapObjects = (value, change) => {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapObjects(inner, change)])));
};

/** Gives problems their media type (RFC 9457), and adds a default problem response, because any operation can fail. */
const withProblems = (operation) => {
  const responses = Object.entries(operation.responses).map(([status, response]) => {
    const { 'application/json': json, ...others } = response.content ?? {};
    if (json?.schema?.$ref !== PROBLEM) return [status, response];
    return [status, { ...response, content: { 'application/problem+json': json, ...others } }];
  });
  return { ...operation, responses: { ...Object.fromEntries(responses), default: ANY_PROBLEM } };
};

/** A typo in `@Security('bearer', ['admn'])` would make a route unreachable or open, so it fails the build. */
const checkRoles = (name, { security = [] }, roles) => {
  const unknown = security.flatMap((schemes) => Object.values(schemes).flat()).find((role) => !roles.includes(role));
  if (unknown !== undefined) throw new Error(`${name} requires the unknown role ${unknown}`);
};

/**
 * Joins the documents that tsoa generates for each service (OpenAPI 3.0) into one OpenAPI 3.1 document.
 * @param roles all roles that a route may require
 * @throws Error when two services define the same operation, or a schema or security scheme differently, or when a route
 * requires an unknown role
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
