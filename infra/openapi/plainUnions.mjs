import { isDeepStrictEqual } from 'node:util';

const PREFIX = '#/components/schemas/';

const nameOf = ({ $ref }) => $ref?.slice(PREFIX.length);
const isNull = ({ type }) => type === 'null';

const inWords = (form) => {
  if (form.$ref !== undefined) return `\`${nameOf(form)}\``;
  if (isNull(form)) return '`null`';
  return form.type === 'array' ? `an array of ${form.items.type}s` : `a ${form.type}`;
};

const described = ({ description }, forms) =>
  [description, `One of: ${forms.map(inWords).join(', ')}.`].filter((part) => part !== undefined).join(' ');

/** One object with the properties of all, of which those are required that each requires. @throws Error when two differ in one */
const merged = (name, members) => {
  const properties = {};
  for (const [property, schema] of members.flatMap((member) => Object.entries(member.properties))) {
    if (property in properties && !isDeepStrictEqual(properties[property], schema))
      throw new Error(`the members of the union ${name} define ${property} differently`);
    properties[property] = schema;
  }
  const required = Object.keys(properties).filter((key) => members.every((member) => member.required?.includes(key)));
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
};

/**
 * Describes the properties that are unions so that every generator of clients can read them: Kotlin's makes one class of a union, of
 * which it requires the properties of all members, Java's `native` does not compile with an array in one, and PHP's loses the value.
 * A union of named objects becomes one object, a component with the names of schema and property. Any other becomes JSON of any form,
 * with its forms in words. `x-any-of` keeps the union for who can read it; a schema or `null` stays as it is.
 * @param schemas the components of an OpenAPI 3.1 document @returns the components, with those of the unions of objects
 * @throws Error when two members of a union of objects define a property differently, or a schema has the name of the union
 */
export const withPlainUnions = (schemas) => {
  const unions = {};
  const plain = (name, schema) => {
    const { anyOf = [], description, format } = schema;
    const forms = anyOf.filter((form) => !isNull(form));
    if (forms.length < 2) return schema;
    const typed = anyOf.map((form) => (format !== undefined && form.type === 'string' ? { ...form, format } : form));
    const any = { description: described(schema, anyOf), 'x-any-of': typed };
    const members = forms.map((form) => schemas[nameOf(form)]);
    if (!members.every((member) => member?.type === 'object')) return any;
    if (name in schemas) throw new Error(`the union ${name} has the name of a schema`);
    unions[name] = { description: described({}, forms), ...merged(name, members) };
    return { description, anyOf: [{ $ref: PREFIX + name }, ...anyOf.filter(isNull)], 'x-any-of': anyOf };
  };
  const withProperties = ([name, schema]) => {
    if (schema.properties === undefined) return [name, schema];
    const entries = Object.entries(schema.properties).map(([property, one]) => [
      property,
      plain(`${name}${property[0].toUpperCase()}${property.slice(1)}`, one),
    ]);
    return [name, { ...schema, properties: Object.fromEntries(entries) }];
  };
  const own = Object.fromEntries(Object.entries(schemas).map(withProperties));
  return { ...own, ...unions };
};
