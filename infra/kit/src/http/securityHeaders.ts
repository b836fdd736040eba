import type { RequestHandler } from 'express';
import helmet from 'helmet';

const A_YEAR_AND_MORE = 63_072_000;

/** On every answer, errors included (H-01). A page that needs more replaces the policy for itself alone. */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  strictTransportSecurity: { maxAge: A_YEAR_AND_MORE, includeSubDomains: true },
  referrerPolicy: { policy: 'no-referrer' },
  xFrameOptions: { action: 'deny' },
});

/** Nothing of the API is kept by browsers or proxies: it is personal, or a token. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
