import type { Request } from 'express';
import { depsOf, type QueryDeps } from './queryDeps.js';

type ControllerClass<T> = new (deps: QueryDeps) => T;

/** Makes the controllers of generated routes, for the service that got the request. */
export const iocContainer = (request: unknown) => ({
  get: <T>(controller: ControllerClass<T>): T => new controller(depsOf(request as Request)),
});
