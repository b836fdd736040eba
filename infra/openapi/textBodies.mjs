const PREFIX = '#/components/schemas/';

/**
 * Describes a request body of text/plain that holds JSON as a string with a content (JSON Schema 2020-12, validation §8), and by its
 * example. tsoa describes it as the object that it holds, which generators take for what a client has to pass as text.
 * @throws Error when the schema has no example
 */
export const withTextBody = ({ requestBody, ...operation }, schemas) => {
  const schema = requestBody?.content['text/plain']?.schema;
  if (schema === undefined) return requestBody === undefined ? operation : { ...operation, requestBody };
  const { example } = schemas[schema.$ref?.slice(PREFIX.length)] ?? {};
  if (example === undefined) throw new Error(`${operation.operationId} takes text, but its schema has no example`);
  const text = { type: 'string', 'x-declared': { contentMediaType: 'application/json' } };
  const content = { ...requestBody.content, 'text/plain': { schema: text, example: JSON.stringify(example) } };
  return { ...operation, requestBody: { ...requestBody, content } };
};
