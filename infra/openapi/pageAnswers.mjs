const PAGE = { 'text/html': { schema: { type: 'string' } } };
const PROBLEM = 'application/problem+json';

const withPageIn = (response) => ({ ...response, content: { ...response.content, ...PAGE } });

/**
 * Adds a page to the success of an operation that has `x-page`: what a browser is shown instead of JSON. tsoa gives every media type
 * of an answer the same schema. A browser is shown each problem of such an operation as a page, too.
 */
export const withPages = ({ 'x-page': hasPage, ...operation }) => {
  const { 200: success } = operation.responses;
  if (hasPage !== true && !('text/html' in (success?.content ?? {}))) return operation;
  const responses = Object.entries(operation.responses).map(([status, response]) => [
    status,
    PROBLEM in (response.content ?? {}) ? withPageIn(response) : response,
  ]);
  return { ...operation, responses: { ...Object.fromEntries(responses), 200: withPageIn(success) } };
};
