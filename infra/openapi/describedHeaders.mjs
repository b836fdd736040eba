const ETAG = '^"(0|[1-9][0-9]{0,17})"$';
/** RFC 9110 §13.1.1: `*`, or a list of entity tags. */
const IF_MATCH = '^(\\*|(W/)?"[^"]*"([ \\t]*,[ \\t]*(W/)?"[^"]*")*)$';

/** Header parameters by name: what a controller does not say about them. */
const REQUEST_HEADERS = {
  'If-Match': {
    description: 'The `ETag` of the user to change. The change is refused if the user has changed since.',
    schema: { pattern: IF_MATCH },
  },
  'Idempotency-Key': {
    description:
      'Chosen by the client. A repeat of the request under the same key gets the same answer and has no further effect.',
    schema: { minLength: 1, maxLength: 200, pattern: '^[!-~]+$' },
  },
  'X-Consistency-Token': {
    description:
      'From the answer to a command. The read waits up to two seconds until the effect of that command is visible.',
    schema: { maxLength: 100, pattern: '^[A-Za-z0-9_-]*$' },
  },
};

/** Response headers by name. */
const RESPONSE_HEADERS = {
  'Erasure-Receipt': {
    description: 'The id of the receipt of the erasure. A repeat of the erasure gets the same.',
    schema: { format: 'uuid' },
  },
  ETag: {
    description: 'The revision of the user, for `If-Match`.',
    schema: { pattern: ETAG },
  },
  'X-Consistency-Token': {
    description: 'A read that sends this token shows the effect of this command.',
    schema: { minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9_-]+$' },
  },
};

/**
 * Every 429 and 503 has it, a 409 only where a repeat may succeed. A Go generator makes code that does not compile of a header that
 * some answers of one body require and others do not.
 */
const RETRY_AFTER = {
  description: 'Seconds after which a repeat may succeed. Every 429 and 503 has it.',
  schema: { type: 'integer', minimum: 1 },
  required: false,
};

const CHALLENGE = {
  description: 'The scheme of the credential that is missing or not accepted (RFC 6750 §3).',
  schema: { type: 'string', pattern: '^Bearer' },
  required: true,
};

/** Headers that every answer of a status carries. */
const HEADERS_OF_STATUS = {
  401: { 'WWW-Authenticate': CHALLENGE },
  409: { 'Retry-After': RETRY_AFTER },
  429: { 'Retry-After': RETRY_AFTER },
  503: { 'Retry-After': RETRY_AFTER },
};

/** Controllers read it through Express, so tsoa does not know of it. */
const LANGUAGE = {
  name: 'Accept-Language',
  in: 'header',
  required: false,
  description: 'The languages that the client prefers (RFC 9110 §12.5.4). There are English and German.',
  schema: { type: 'string' },
};

const describedParameter = (parameter) => {
  const known = parameter.in === 'header' ? REQUEST_HEADERS[parameter.name] : undefined;
  if (known === undefined) return parameter;
  return {
    ...parameter,
    description: parameter.description ?? known.description,
    schema: { ...parameter.schema, ...known.schema },
  };
};

const describedHeader = ([name, header]) => {
  const { description, schema } = RESPONSE_HEADERS[name] ?? {};
  return [name, { description, ...header, schema: { ...header.schema, ...schema } }];
};

const withHeaders = ([status, response]) => {
  const headers = { ...response.headers, ...HEADERS_OF_STATUS[status] };
  if (Object.keys(headers).length === 0) return [status, response];
  return [status, { ...response, headers: Object.fromEntries(Object.entries(headers).map(describedHeader)) }];
};

/**
 * Describes the headers of an operation, and declares those that each status brings along, and `Accept-Language` where the operation
 * has `x-language`.
 */
export const withDescribedHeaders = ({ 'x-language': hasLanguage, parameters = [], ...operation }) => ({
  ...operation,
  parameters: [...parameters.map(describedParameter), ...(hasLanguage === true ? [LANGUAGE] : [])],
  responses: Object.fromEntries(Object.entries(operation.responses).map(withHeaders)),
});
