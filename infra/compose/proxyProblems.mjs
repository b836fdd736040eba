/** Variables of the answers below, which also need $public_url and $cors_origin. */
export const PROBLEM_MAPS = `  # The id of an answer of the proxy itself, in the form of the ids of the services.
  map $request_id $problem_id {
    "~^(?<a>.{8})(?<b>.{4})(?<c>.{4})(?<d>.{4})(?<e>.{12})$" $a-$b-$c-$d-$e;
  }
  map $cors_origin $cors_headers {
    default "Retry-After, X-Request-Id";
    "" "";
  }
`;

/** Of every answer of the services, `RAW_SECURITY_HEADERS` of infra/kit; a test compares the two. */
const SECURITY_HEADERS = [
  ['Content-Security-Policy', `"default-src 'none';frame-ancestors 'none'"`],
  ['Referrer-Policy', 'no-referrer'],
  ['Strict-Transport-Security', '"max-age=63072000; includeSubDomains"'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
];

/**
 * A location with an answer of the proxy itself, like those of the services (RFC 9457). nginx leaves empty headers out.
 * @param place a named location, or a path that only the proxy itself can reach: a request that nginx could not read has no path
 * yet, and nginx refuses to go on with it in a named one.
 */
const problemLocation = (place, { slug, status, title, headers = [] }) => {
  const lines = [
    ...headers,
    ['Cache-Control', 'no-store'],
    ['X-Request-Id', '$problem_id'],
    ...SECURITY_HEADERS,
    ['Vary', 'Origin'],
    ['Access-Control-Allow-Origin', '$cors_origin'],
    ['Access-Control-Expose-Headers', '$cors_headers'],
  ].map(([header, value]) => `      add_header ${header} ${value} always;\n`);
  const type = `"type":"$public_url/problems/${slug}"`;
  return `
    location ${place} {
${place.startsWith('=') ? '      internal;\n' : ''}      default_type "application/problem+json; charset=utf-8";
${lines.join('')}      return ${status} '{${type},"title":"${title}","status":${status},"requestId":"$problem_id"}';
    }
`;
};

/** What nginx refuses without a service, by its own status: 494 stands for headers that are too large. */
const REFUSALS = {
  400: { slug: 'request-unreadable', status: 400, title: 'The request cannot be read' },
  404: { slug: 'not-found', status: 404, title: 'Not found' },
  405: { slug: 'method-not-allowed', status: 405, title: 'This path does not support the method' },
  414: { slug: 'uri-too-long', status: 414, title: 'The request URL is too long' },
  494: { slug: 'headers-too-large', status: 431, title: 'The headers are too large' },
};
/** Of a Transfer-Encoding or an HTTP version that nginx does not know: a service refuses them as unreadable, too. */
const UNREADABLE = [400, 501, 505];
const refusalPath = (slug) => `/proxy-problems/${slug}`;

export const REFUSAL_PAGES = Object.entries(REFUSALS)
  .map(([status, { slug }]) => [status === '400' ? UNREADABLE.join(' ') : status, slug])
  .map(([statuses, slug]) => `    error_page ${statuses} = ${refusalPath(slug)};\n`)
  .join('');

/** The answers of the proxy itself: no service takes a request, a source has too many, or nginx refuses one. */
export const PROBLEM_LOCATIONS =
  problemLocation('@unavailable', {
    slug: 'dependency-unavailable',
    status: 503,
    title: 'A part of the service is down; try again shortly',
    headers: [['Retry-After', '1']],
  }) +
  problemLocation('@busy', {
    slug: 'busy',
    status: 503,
    title: 'Too busy; try again shortly',
    headers: [['Retry-After', '5']],
  }) +
  problemLocation('@too-large', { slug: 'body-too-large', status: 413, title: 'The body is too large' }) +
  Object.values(REFUSALS)
    .map((refusal) => problemLocation(`= ${refusalPath(refusal.slug)}`, refusal))
    .join('');
