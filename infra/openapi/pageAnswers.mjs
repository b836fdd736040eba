/**
 * Adds a page to the success of an operation that has `x-page`: what a browser is shown instead of JSON. tsoa gives every media type
 * of an answer the same schema.
 */
export const withPage = ({ 'x-page': hasPage, ...operation }) => {
  if (hasPage !== true) return operation;
  const { 200: success } = operation.responses;
  const content = { ...success.content, 'text/html': { schema: { type: 'string' } } };
  return { ...operation, responses: { ...operation.responses, 200: { ...success, content } } };
};
