const PREFIX = '#/components/schemas/';

const isObject = (value) => typeof value === 'object' && value !== null;

/** Copies a tree bottom up, with `change` applied to each object. */
export const mapObjects = (value, change) => {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  if (!isObject(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapObjects(inner, change)])));
};

const refsIn = (value) => {
  if (!isObject(value)) return [];
  const own = typeof value.$ref === 'string' && value.$ref.startsWith(PREFIX) ? [value.$ref.slice(PREFIX.length)] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
};

/** A boolean of one value, which the Java client of openapi-generator takes for a string, becomes any boolean. */
export const withPlainBoolean = (schema) => {
  if (schema.type !== 'boolean') return schema;
  const { enum: _values, ...plain } = schema;
  return plain;
};

/** The names of all schemas that the given parts of a document use, directly or through other schemas. */
const schemasUsedBy = (parts, schemas) => {
  const used = new Set();
  const open = refsIn(parts);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    open.push(...refsIn(schemas[name]));
  }
  return used;
};

/** The schemas that operations use. */
export const onlyUsed = (paths, schemas) => {
  const used = schemasUsedBy(paths, schemas);
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
};

const open = ({ additionalProperties, ...schema }) =>
  additionalProperties === undefined || additionalProperties === false ? schema : { additionalProperties, ...schema };

/**
 * Opens the schemas of responses, so that a field that is added later breaks no generated client. Those of requests stay
 * closed: the service refuses fields that it does not know.
 * @throws Error when a schema belongs to requests and responses
 */
export const withOpenResponses = (paths, schemas) => {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const ofRequests = schemasUsedBy(
    operations.map(({ requestBody }) => requestBody),
    schemas,
  );
  const ofResponses = schemasUsedBy(
    operations.map(({ responses }) => responses),
    schemas,
  );
  const both = [...ofResponses].find((name) => ofRequests.has(name));
  if (both !== undefined) throw new Error(`the schema ${both} is used in a request and in a response`);
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, ofRequests.has(name) ? schema : mapObjects(schema, open)]),
  );
};

/**
 * Replaces parts of a property by those that its type declares for the document alone: bounds that hold after
 * normalization, where tsoa checks wider ones on the raw text, in UTF-16 code units; or a type that allows for more.
 */
export const withDeclared = ({ 'x-declared': declared, ...schema }) => ({ ...schema, ...declared });

/** Of types that are no object, whose `x-declared` tsoa leaves out. */
const NAMED = { SearchText: { maxLength: 100 } };

/** As {@link withDeclared}, for {@link NAMED}. */
export const withNamedBounds = (schemas) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, { ...schema, ...NAMED[name] }]));

const takesOnly = (sample, { pattern }) => {
  // An alternative may be any word.
  if (pattern === undefined || pattern.includes('|')) return false;
  const form = new RegExp(pattern);
  return form.test(sample) && !form.test('a-1');
};

/** A value of each format that parameters have. */
const SAMPLES = { uuid: '0199c0de-0000-4000-8000-000000000001', 'date-time': '2026-01-31T13:00:00+01:00' };

/**
 * tsoa gives parameters no format. The format replaces the pattern, which names one spelling of several (RFC 9562 §4), or is wider
 * than what the service takes.
 */
export const withFormats = (schema) => {
  const [format] = Object.entries(SAMPLES).find(([, sample]) => takesOnly(sample, schema)) ?? [];
  if (schema.type !== 'string' || format === undefined) return schema;
  const { pattern: _pattern, ...rest } = schema;
  return { ...rest, format };
};
