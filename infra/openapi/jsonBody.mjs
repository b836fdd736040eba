const PREFIX = '#/components/schemas/';

/**
 * The schema of the JSON body of an operation, to which another media type adds fields.
 * @param added what is added, as `a file`
 * @throws Error when the operation has no JSON body of a named schema
 */
export const jsonBodySchema = ({ operationId, requestBody }, schemas, added) => {
  const name = requestBody?.content['application/json']?.schema.$ref?.slice(PREFIX.length);
  if (name === undefined) throw new Error(`${operationId} has ${added} but no JSON body`);
  return schemas[name];
};
