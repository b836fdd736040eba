/** The upgrade to OpenAPI 3.1 drops the format, which generators of clients still need to tell a file from text. */
const FILE = { type: 'string', 'x-declared': { format: 'binary' } };

/**
 * Adds the media type that an operation names in `x-answers` to its success, as a file. tsoa describes a file only as the result
 * of a controller, and these controllers send theirs piece by piece.
 * @throws Error when the operation has another body
 */
export const withAnsweredFile = ({ 'x-answers': type, ...operation }) => {
  if (type === undefined) return operation;
  const { 200: success } = operation.responses;
  if (success === undefined || success.content !== undefined)
    throw new Error(`${operation.operationId} answers with a file and with another body`);
  const answered = { ...success, content: { [type]: { schema: FILE } } };
  return { ...operation, responses: { ...operation.responses, 200: answered } };
};
