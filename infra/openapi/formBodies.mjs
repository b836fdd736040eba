import { jsonBodySchema } from './jsonBody.mjs';

/**
 * Adds application/x-www-form-urlencoded to the request body of an operation that has `x-form`: the fields of the JSON body, and those
 * that `x-form` names with their descriptions. The schema has no name of its own: clients in Python choose the media type by the type
 * of a body, and take the form for JSON when both have the same.
 * @throws Error when the operation has no JSON body of a named schema
 */
export const withFormBody = ({ 'x-form': added, ...operation }, schemas) => {
  if (added === undefined) return operation;
  const { requestBody } = operation;
  const schema = jsonBodySchema(operation, schemas, 'a form');
  const fields = Object.entries(added).map(([field, description]) => [field, { type: 'string', description }]);
  const form = { schema: { ...schema, properties: { ...schema.properties, ...Object.fromEntries(fields) } } };
  const content = { ...requestBody.content, 'application/x-www-form-urlencoded': form };
  return { ...operation, requestBody: { ...requestBody, content } };
};
