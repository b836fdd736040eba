const PROBLEM = '#/components/schemas/Problem';
const CONTENT = { 'application/problem+json': { schema: { $ref: PROBLEM } } };

/** Problems that the HTTP host may answer to any request, also to paths and methods that are no operation. */
const OF_ANY_REQUEST = [
  'request-unreadable',
  'origin-not-allowed',
  'method-not-allowed',
  'request-timeout',
  'uri-too-long',
  'expectation-failed',
  'headers-too-large',
  'internal-error',
];

/** Problems that the HTTP host may answer for an operation, by status. */
const OF_ANY_OPERATION = { 400: ['validation-failed'], 503: ['busy'] };
/** Of operations that a user, or a source without a token, may have under way a few times at once. */
const OF_PLACES = { 429: ['too-many-requests'] };
const OF_A_BODY = { 400: ['body-unreadable'], 413: ['body-too-large'], 415: ['media-type-unsupported'] };

const inCode = (slugs) => slugs.map((slug) => `\`${slug}\``).join(', ');

const ANY_PROBLEM = {
  description: `Every error is a problem (RFC 9457); its \`type\` ends with the slug. Any request may get ${inCode(OF_ANY_REQUEST)}.`,
  content: CONTENT,
};

/** The slugs that a controller lists as the description of a status: `conflict, last-administrator`. */
const slugsIn = (name, status, description) => {
  const slugs = description.split(', ');
  const wrong = slugs.find((slug) => !/^[a-z]+(-[a-z]+)*$/.test(slug));
  if (wrong !== undefined)
    throw new Error(`${name} describes ${status} by a text that is no list of slugs: ${description}`);
  return slugs;
};

const isProblem = ({ content }) => content?.['application/json']?.schema?.$ref === PROBLEM;

/** Problems have their own media type (RFC 9457). */
const withMediaType = ({ 'application/json': json, ...others }) => ({ 'application/problem+json': json, ...others });

/**
 * Completes the problems of an operation: those of the host, by status, after those that its controller lists.
 * @throws Error when the controller describes a problem by anything but slugs
 */
export const withProblems = (name, operation) => {
  const responses = { ...operation.responses };
  const slugs = {};
  for (const [status, response] of Object.entries(responses)) {
    if (!isProblem(response)) continue;
    slugs[status] = slugsIn(name, status, response.description);
    responses[status] = { ...response, content: withMediaType(response.content) };
  }
  // The host reads the body of every request, also of one whose operation has none; only a GET comes without.
  const ofHost = [
    OF_ANY_OPERATION,
    ...(operation.security?.length > 0 || slugs[429] !== undefined ? [OF_PLACES] : []),
    ...(name.startsWith('get ') ? [] : [OF_A_BODY]),
  ];
  for (const [status, added] of ofHost.flatMap(Object.entries)) {
    slugs[status] = [...new Set([...(slugs[status] ?? []), ...added])];
    responses[status] ??= { content: CONTENT };
  }
  for (const status of Object.keys(slugs))
    responses[status] = { ...responses[status], description: inCode(slugs[status]) };
  return { ...operation, responses: { ...responses, default: ANY_PROBLEM } };
};
