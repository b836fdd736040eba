import type { RequestHandler } from 'express';
import { Refused } from '../refused.js';
import type { HostedApi } from './hostedApi.js';

interface KnownPath {
  matches: RegExp;
  methods: readonly string[];
}

const pattern = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}/?$`, 'i');

/** Methods by path. Whoever serves GET serves HEAD, but where the GET uses up a secret: its successor would be thrown away. */
const table = ({ prefix, routes }: HostedApi, fixed: readonly string[]): readonly KnownPath[] => {
  const methods = new Map<string, string[]>(fixed.map((path) => [path, ['GET', 'HEAD']]));
  for (const { method, path, checksSecret } of routes) {
    const served = method === 'get' && !checksSecret ? ['GET', 'HEAD'] : [method.toUpperCase()];
    methods.set(prefix + path, [...(methods.get(prefix + path) ?? []), ...served]);
  }
  return [...methods].map(([path, served]) => ({ matches: pattern(path), methods: served }));
};

/**
 * Before the routers: a known path asked with a method it does not serve is 405 with `Allow`, an OPTIONS of it 204.
 * @param fixed paths outside the API that answer GET
 */
export const allowedMethods = (api: HostedApi, fixed: readonly string[]): RequestHandler => {
  const known = table(api, fixed);
  return (request, response, next) => {
    const entry = known.find(({ matches }) => matches.test(request.path));
    if (entry?.methods.includes(request.method) ?? true) return next();
    const headers = { Allow: [...(entry?.methods ?? []), 'OPTIONS'].join(', ') };
    if (request.method !== 'OPTIONS') throw new Refused('method-not-allowed', { headers });
    response.set(headers).status(204).end();
  };
};

/** After the routers: nobody served it. */
export const notFound: RequestHandler = () => {
  throw new Refused('not-found');
};

/** Paths whose POST may also be a browser's form. */
export const formPaths = ({ prefix, routes }: HostedApi): string[] =>
  routes.filter(({ acceptsForm }) => acceptsForm).map(({ path }) => prefix + path);
