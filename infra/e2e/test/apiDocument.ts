import { createRequire } from 'node:module';
import type { Ajv2020 as Ajv2020Class, ValidateFunction } from 'ajv/dist/2020.js';
import type { default as AddFormats } from 'ajv-formats';

const require = createRequire(import.meta.url);
const { Ajv2020 } = require('ajv/dist/2020.js') as { Ajv2020: typeof Ajv2020Class };
const addFormats = require('ajv-formats') as typeof AddFormats.default;

/** The parts of a request and its answer that are checked against the document. */
export interface Exchange {
  method: string;
  /** Below the server's URL, without query. */
  path: string;
  status: number;
  headers: Headers;
  json: unknown;
}

interface MediaType {
  schema?: object;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface ResponseObject {
  description?: string;
  headers?: Record<string, { required?: boolean }>;
  content?: Record<string, MediaType>;
}

interface Operation {
  responses: Record<string, ResponseObject>;
  requestBody?: { content: Record<string, MediaType> };
}

/** The parts of an OpenAPI 3.1 document that are used here. */
export interface OpenApi {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

export interface ApiDocument {
  /** Such as `get /user`. */
  operations: string[];
  /** Returns the operation of a request (`undefined`: none) and everything in the answer that the document does not allow. */
  check(exchange: Exchange): { operation: string | undefined; mismatches: string[] };
  /** Request bodies and JSON answers without an example, and examples that do not match their schema. */
  badExamples(): string[];
}

const ANYTHING = {};
const PROBLEM = { $ref: '#/components/schemas/Problem' };
const ANY_PROBLEM: ResponseObject = { content: { 'application/problem+json': { schema: PROBLEM } } };

/** The document does not say it, because generators make code that does not compile of that. */
const isAlwaysSent = (header: string, status: number): boolean =>
  header === 'Retry-After' && (status === 429 || status === 503);

/**
 * Checks status, media type, required headers, body and the slug of a problem; a property that the document does not name is a
 * mismatch.
 */
export const apiDocument = (document: OpenApi): ApiDocument => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('int32', true).addFormat('double', true);
  ajv.addSchema({ $id: 'api:', components: { schemas: closed(document.components.schemas) } });
  // Ajv keeps every schema that it has compiled, and compiling takes longer than a request.
  const compiled = new Map<object, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const withAbsoluteRefs = JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"api:#/')) as object;
    const validator = ajv.compile(withAbsoluteRefs);
    compiled.set(schema, validator);
    return validator;
  };
  const schemaMismatches = (schema: object = ANYTHING, value: unknown): string[] => {
    const check = validatorOf(schema);
    if (check(value)) return [];
    return (check.errors ?? []).map(({ instancePath, message }) => `body${instancePath} ${message}`);
  };
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...{ name: `${method} ${path}`, method, operation },
      matches: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    })),
  );

  return {
    operations: routes.map(({ name }) => name),
    check: ({ method, path, status, headers, json }) => {
      const route = routes.find((one) => one.method === method.toLowerCase() && one.matches.test(path));
      const { responses } = route?.operation ?? { responses: {} };
      // A request without an operation is refused with a problem, like any other error.
      const response = responses[status] ?? (status >= 400 ? (responses.default ?? ANY_PROBLEM) : undefined);
      if (response === undefined) return { operation: route?.name, mismatches: ['undocumented status'] };
      const type = headers.get('content-type')?.split(';')[0] ?? '';
      const mismatches = Object.entries(response.headers ?? {})
        .filter(([name, { required }]) => (required === true || isAlwaysSent(name, status)) && !headers.has(name))
        .map(([name]) => `missing header ${name}`);
      const contents = response.content ?? {};
      const media = contents[type];
      if (Object.keys(contents).length === 0 ? type !== '' : media === undefined)
        mismatches.push(`undocumented media type ${type}`);
      const body = media?.schema !== undefined && /[/+]json$/.test(type) ? schemaMismatches(media.schema, json) : [];
      const slug = route === undefined ? undefined : slugIn(json);
      if (slug !== undefined && !slugsOf(response, responses.default).includes(slug))
        mismatches.push(`undocumented problem ${slug}`);
      return { operation: route?.name, mismatches: [...mismatches, ...body] };
    },
    badExamples: () =>
      routes.flatMap(({ name, operation }) =>
        mediaTypesOf(operation).flatMap(([type, media]) => {
          const examples = examplesOf(media, document);
          if (examples.length === 0) return [`${name} ${type} has no example`];
          return examples.flatMap((value) =>
            schemaMismatches(media.schema, value).map((mismatch) => `${name} ${type} ${mismatch}`),
          );
        }),
      ),
  };
};

/** What a request takes, and what its answers are as JSON, by name. */
const mediaTypesOf = ({ requestBody, responses }: Operation): [string, MediaType][] => [
  ...Object.entries(requestBody?.content ?? {}),
  ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
    Object.entries(content)
      .filter(([type]) => /[/+]json$/.test(type))
      .map(([type, media]): [string, MediaType] => [`${status} ${type}`, media]),
  ),
];

/** The last part of the type of a problem. */
const slugIn = (json: unknown): string | undefined => {
  const { type } = (json ?? {}) as { type?: unknown };
  return typeof type === 'string' ? type.split('/').at(-1) : undefined;
};

/** The slugs that descriptions of responses list. */
const slugsOf = (...responses: (ResponseObject | undefined)[]): string[] =>
  responses.flatMap((response) =>
    [...(response?.description ?? '').matchAll(/`([a-z-]+)`/g)].map(([, slug]) => slug ?? ''),
  );

const examplesOf = (media: MediaType, { components }: OpenApi): unknown[] => {
  const { $ref = '', examples: inline } = (media.schema ?? {}) as { $ref?: string; examples?: unknown[] };
  const named = components.schemas[$ref.split('/').at(-1) ?? ''] as { examples?: unknown[] } | undefined;
  const own = Object.values(media.examples ?? {}).map(({ value }) => value);
  return [
    ...(media.example === undefined ? [] : [media.example]),
    ...own,
    ...(inline ?? []),
    ...(named?.examples ?? []),
  ];
};

/** Copies schemas so that unions allow no value of another form, and objects no properties other than the declared ones. */
const closed = (node: unknown): object => {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const precise = 'x-any-of' in value ? { anyOf: value['x-any-of'] } : value;
    const inner = Object.fromEntries(Object.entries(precise).map(([key, child]) => [key, walk(child)]));
    const open = 'properties' in inner && typeof inner.properties === 'object' && !('additionalProperties' in inner);
    return open ? { ...inner, unevaluatedProperties: false } : inner;
  };
  return walk(node) as object;
};
