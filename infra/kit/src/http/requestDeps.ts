import type { RequestHandler } from 'express';

/**
 * Carries a service's dependencies from its router to the routes tsoa generates, which are modules without parameters.
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
    /** Middleware for the service's router, before the generated routes. */
    bindDeps:
      (deps: Deps): RequestHandler =>
      (request, _response, next) => {
        bound.set(request, deps);
        next();
      },
    depsOf,
    /** For tsoa's `iocModule`: a controller per request, since tsoa keeps status and headers on the instance. */
    iocContainer: (request: unknown) => ({
      get: <T>(controller: unknown): T => new (controller as new (deps: Deps) => T)(depsOf(request as object)),
    }),
  };
};
