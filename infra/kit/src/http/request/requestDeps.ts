import type { RequestHandler } from 'express';

/**
 * Passes the dependencies of a service from its router to the routes that tsoa generates, which take no parameters.
 * Bound per request, so that several services, or one service twice, can share a process.
 */
export const requestDeps = <Deps>() => {
  const bound = new WeakMap<object, Deps>();
  const depsOf = (request: object): Deps => {
    const deps = bound.get(request);
    if (deps === undefined) throw new Error("the request did not come through this service's router");
    return deps;
  };
  return {
    /** Middleware for the router of the service, before the generated routes. */
    bindDeps:
      (deps: Deps): RequestHandler =>
      (request, _response, next) => {
        bound.set(request, deps);
        next();
      },
    depsOf,
    /** For the `iocModule` of tsoa. One controller per request, because tsoa keeps status and headers on the instance. */
    iocContainer: (request: unknown) => ({
      get: <T>(controller: unknown): T => new (controller as new (deps: Deps) => T)(depsOf(request as object)),
    }),
  };
};
