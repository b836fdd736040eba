import type { ProblemPage } from '@ums/contracts/http/problemPages';
import type { RequestHandler } from 'express';
import { Refused } from '../../refused.js';

/** What the host needs of a route: its method and path, and how it differs from other routes. */
export interface HostedRoute {
  method: 'get' | 'post' | 'put' | 'delete';
  /** Below the prefix; parameters as `{name}`. */
  path: string;
  /** Its GET consumes a secret, so the host serves no HEAD for it. */
  checksSecret?: boolean;
  /** It also accepts the form of a browser as body. */
  acceptsForm?: boolean;
  /** Its body may also be multipart/form-data with a file, which its router reads. */
  acceptsFile?: boolean;
  /** Its body is JSON that comes as text/plain. */
  acceptsNotice?: boolean;
}

/** The API that the host serves. */
export interface HostedApi {
  /** Shown at `/`. */
  service: string;
  /** Where the routers are mounted, such as `/api/v1`. */
  prefix: string;
  routes: readonly HostedRoute[];
  /** Request and response headers that the API itself defines. None may be repeated. */
  headers: readonly string[];
  /** Headers that only answers have. */
  answerHeaders?: readonly string[];
  /**
   * Query parameters by operation, such as `get /users`, each with its type in the OpenAPI document. Operations that are
   * not listed accept any.
   */
  queryParameters: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Pages of the problems of all services, by slug: the host of any of them may be asked for them. */
  problemPages: Readonly<Record<string, ProblemPage>>;
}

interface KnownPath {
  matches: RegExp;
  methods: readonly string[];
}

/** Matches a path with parameters as `{name}`, in any case and with or without a slash at the end, as the routers do. */
export const pathPattern = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^{}]+\}/g, '[^/]+')}/?$`, 'i');

/** The methods of each path. GET implies HEAD, except where GET consumes a secret: HEAD would drop the new one. */
const knownPaths = ({ prefix, routes }: HostedApi, fixedPaths: readonly string[]): readonly KnownPath[] => {
  const methods = new Map<string, string[]>(fixedPaths.map((path) => [path, ['GET', 'HEAD']]));
  for (const { method, path, checksSecret } of routes) {
    const served = method === 'get' && !checksSecret ? ['GET', 'HEAD'] : [method.toUpperCase()];
    methods.set(prefix + path, [...(methods.get(prefix + path) ?? []), ...served]);
  }
  return [...methods].map(([path, served]) => ({ matches: pathPattern(path), methods: served }));
};

/**
 * Runs before the routers. On a known path it answers OPTIONS with 204 and refuses a method that the path does not serve
 * with 405, both with `Allow`.
 * @param fixedPaths paths outside the API that serve GET
 */
export const allowedMethods = (api: HostedApi, fixedPaths: readonly string[]): RequestHandler => {
  const known = knownPaths(api, fixedPaths);
  return (request, response, next) => {
    const entry = known.find(({ matches }) => matches.test(request.path));
    if (entry?.methods.includes(request.method) ?? true) return next();
    const headers = { Allow: [...(entry?.methods ?? []), 'OPTIONS'].join(', ') };
    if (request.method !== 'OPTIONS') throw new Refused('method-not-allowed', { headers });
    response.set(headers).status(204).end();
  };
};

/** Runs after the routers, when no route has answered. */
export const notFound: RequestHandler = () => {
  throw new Refused('not-found');
};

/** Paths whose POST also accepts the form of a browser. */
export const formPaths = ({ prefix, routes }: HostedApi): string[] =>
  routes.filter(({ acceptsForm }) => acceptsForm).map(({ path }) => prefix + path);

/** Paths whose POST takes notices: JSON as text/plain. */
export const noticePaths = ({ prefix, routes }: HostedApi): string[] =>
  routes.filter(({ acceptsNotice }) => acceptsNotice).map(({ path }) => prefix + path);

/** Operations whose body may hold a file, as `PUT /api/v1/user`. */
export const fileOperations = ({ prefix, routes }: HostedApi): string[] =>
  routes.filter(({ acceptsFile }) => acceptsFile).map(({ method, path }) => `${method.toUpperCase()} ${prefix}${path}`);
