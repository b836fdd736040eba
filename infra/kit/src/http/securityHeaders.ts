import type { RequestHandler } from 'express';
import helmet from 'helmet';

const TWO_YEARS_SECONDS = 63_072_000;

/** Sets the security headers of every response, errors included (H-01). A page that needs more replaces the policy itself. */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  strictTransportSecurity: { maxAge: TWO_YEARS_SECONDS, includeSubDomains: true },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
});

/** The same headers as text, for responses written to a socket without a request. A test compares the two. */
export const RAW_SECURITY_HEADERS = [
  "Content-Security-Policy: default-src 'none';frame-ancestors 'none'",
  'Referrer-Policy: no-referrer',
  `Strict-Transport-Security: max-age=${TWO_YEARS_SECONDS}; includeSubDomains`,
  'X-Content-Type-Options: nosniff',
  'X-Frame-Options: DENY',
] as const;

/** Forbids browsers and proxies to store responses of the API: they hold personal data or tokens. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
