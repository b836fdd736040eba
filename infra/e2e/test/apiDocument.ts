import { createRequire } from 'node:module';
import type { Ajv2020 as Ajv2020Class } from 'ajv/dist/2020.js';
import type { default as AddFormats } from 'ajv-formats';

const require = createRequire(import.meta.url);
const { Ajv2020 } = require('ajv/dist/2020.js') as { Ajv2020: typeof Ajv2020Class };
const addFormats = require('ajv-formats') as typeof AddFormats.default;

/** One answer, as far as the document speaks about it. */
export interface Observed {
  method: string;
  /** Below the server's URL, as asked, without query. */
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
  headers?: Record<string, { required?: boolean }>;
  content?: Record<string, MediaType>;
}

interface Operation {
  responses: Record<string, ResponseObject>;
  requestBody?: { content: Record<string, MediaType> };
}

/** What is read of an OpenAPI 3.1 document. */
export interface OpenApi {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

export interface ApiDocument {
  /** `get /user`, … */
  operations: string[];
  /** Of an answer: the operation it is of (`undefined`: none), and in what it is not as documented. */
  faultsOf(observed: Observed): { operation: string | undefined; faults: string[] };
  /** Request bodies without an example, or with one that their own schema refuses. */
  badExamples(): string[];
}

const PROBLEM = { $ref: '#/components/schemas/Problem' };
const ANY_PROBLEM: ResponseObject = { content: { 'application/problem+json': { schema: PROBLEM } } };

/** Holds answers against a document: status, media type, headers that it promises, body; a property it does not name is a fault. */
export const apiDocument = (document: OpenApi): ApiDocument => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('int32', true).addFormat('double', true);
  ajv.addSchema({ $id: 'api:', components: { schemas: closed(document.components.schemas) } });
  const schemaFaults = (schema: object | undefined, value: unknown): string[] => {
    const here = JSON.parse(JSON.stringify(closed(schema ?? {})).replaceAll('"#/', '"api:#/')) as object;
    const check = ajv.compile(here);
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
    faultsOf: ({ method, path, status, headers, json }) => {
      const route = routes.find((one) => one.method === method.toLowerCase() && one.matches.test(path));
      const { responses } = route?.operation ?? { responses: {} };
      // What no operation is asked for is refused, and refusals have one shape.
      const response = responses[status] ?? (status >= 400 ? (responses.default ?? ANY_PROBLEM) : undefined);
      if (response === undefined) return { operation: route?.name, faults: ['a status that is not documented'] };
      const type = headers.get('content-type')?.split(';')[0] ?? '';
      const missing = Object.entries(response.headers ?? {})
        .filter(([name, { required }]) => required === true && !headers.has(name))
        .map(([name]) => `no header ${name}`);
      const contents = response.content ?? {};
      const media = contents[type];
      if (Object.keys(contents).length === 0 ? type !== '' : media === undefined) missing.push(`media type ${type}`);
      const body = media?.schema !== undefined && /json$/.test(type) ? schemaFaults(media.schema, json) : [];
      return { operation: route?.name, faults: [...missing, ...body] };
    },
    badExamples: () =>
      routes.flatMap(({ name, operation }) =>
        Object.entries(operation.requestBody?.content ?? {}).flatMap(([type, media]) => {
          const examples = examplesOf(media, document);
          if (examples.length === 0) return [`${name} ${type} has none`];
          return examples.flatMap((value) =>
            schemaFaults(media.schema, value).map((fault) => `${name} ${type} ${fault}`),
          );
        }),
      ),
  };
};

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

/** Every object of a schema names all its properties. */
const closed = (node: unknown): object => {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const inner = Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child)]));
    const open = 'properties' in inner && typeof inner.properties === 'object' && !('additionalProperties' in inner);
    return open ? { ...inner, unevaluatedProperties: false } : inner;
  };
  return walk(node) as object;
};
