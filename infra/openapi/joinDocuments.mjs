import { isDeepStrictEqual } from 'node:util';
import { upgrade } from '@scalar/openapi-parser';
import { withAnsweredFile } from './answeredFiles.mjs';
import { withDescribedHeaders } from './describedHeaders.mjs';
import { withFileBody } from './fileBodies.mjs';
import { withFormBody } from './formBodies.mjs';
import { inOrder, tagsOf } from './operationOrder.mjs';
import { withProblems } from './operationProblems.mjs';
import { withPages } from './pageAnswers.mjs';
import { withPlainUnions } from './plainUnions.mjs';
import {
  mapObjects,
  onlyUsed,
  withDeclared,
  withFormats,
  withNamedBounds,
  withOpenResponses,
  withPlainBoolean,
} from './schemaForms.mjs';
import { withStreams } from './streamedBodies.mjs';
import { withTextBody } from './textBodies.mjs';

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
  if (nullable !== true) return rest;
  // A union in a union is a type without a name to generators of clients, and some cannot read it.
  const { anyOf = [rest], ...described } = Array.isArray(rest.anyOf) ? rest : {};
  return { ...described, anyOf: [...anyOf, { type: 'null' }] };
};

/** A typo in `@Security('bearer', ['admn'])` would make a route unreachable or open, so it fails the build. */
const checkRoles = (name, { security = [] }, roles) => {
  const unknown = security.flatMap((schemes) => Object.values(schemes).flat()).find((role) => !roles.includes(role));
  if (unknown !== undefined) throw new Error(`${name} requires the unknown role ${unknown}`);
};

/**
 * Joins the documents that tsoa generates for each service (OpenAPI 3.0) into one OpenAPI 3.1 document.
 * @param roles all roles that a route may require
 * @param tags descriptions of tags, by name
 * @throws Error when two services define the same operation, or a schema or security scheme differently, when a route
 * requires an unknown role, has a file or a form but no JSON body, takes text that has no example, streams but has no page with an
 * example, answers with a file and another body, or describes a problem by anything but slugs, when a schema is used in a request
 * and in a response, or when a union of objects cannot be one object
 */
export const joinDocuments = (documents, { info, servers, roles, tags = {} }) => {
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
        const described = withDescribedHeaders(withProblems(`${method} ${path}`, operation));
        const { schemas = {} } = document.components ?? {};
        const withBodies = withTextBody(withFormBody(withFileBody(described, schemas), schemas), schemas);
        paths[path][method] = withPages(withAnsweredFile(withStreams(withBodies, schemas)));
      }
    }
  }
  const ordered = inOrder(paths);
  const schemas = onlyUsed(paths, components.schemas);
  const joined = {
    openapi: '3.0.3',
    info,
    servers,
    tags: tagsOf(ordered, tags),
    paths: ordered,
    components: { ...components, schemas: withNamedBounds(withOpenResponses(paths, schemas)) },
  };
  const { specification } = upgrade(joined, '3.1');
  const document = mapObjects(specification, (node) => {
    const schema = withPlainBoolean(withFormats('nullable' in node || 'enum' in node ? withNullTypes(node) : node));
    return 'x-declared' in schema ? withDeclared(schema) : schema;
  });
  return { ...document, components: { ...document.components, schemas: withPlainUnions(document.components.schemas) } };
};
