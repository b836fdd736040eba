import { jsonBodySchema } from './jsonBody.mjs';

const PICTURE_TYPES = 'image/jpeg, image/png, image/webp';

/** The upgrade to OpenAPI 3.1 drops the format, which generators of clients still need to tell a file from text. */
const FILE = {
  type: 'string',
  description: 'JPEG, PNG or WebP, at most 5 MB and 25 megapixels.',
  'x-declared': { format: 'binary' },
};

/**
 * Adds multipart/form-data to the request body of an operation that names a file in `x-file`: the same fields as in JSON, and
 * the file. tsoa describes a file only for a body that is nothing but a form.
 * @throws Error when the operation has no JSON body of a named schema
 */
export const withFileBody = ({ 'x-file': file, ...operation }, schemas) => {
  if (file === undefined) return operation;
  const { requestBody } = operation;
  const schema = jsonBodySchema(operation, schemas, 'a file');
  const form = {
    schema: { ...schema, properties: { ...schema.properties, [file]: FILE } },
    encoding: { [file]: { contentType: PICTURE_TYPES } },
  };
  return {
    ...operation,
    requestBody: { ...requestBody, content: { ...requestBody.content, 'multipart/form-data': form } },
  };
};
