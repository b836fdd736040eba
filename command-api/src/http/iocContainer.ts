import type { IocContainer, IocContainerFactory } from '@tsoa/runtime';
import type { Request } from 'express';
import { depsOf, type HttpDeps } from './httpDeps.js';

type ControllerOf<T> = new (deps: HttpDeps) => T;

/** Called by tsoa's generated routes: a controller per request, since tsoa keeps status and headers on the instance. */
export const iocContainer: IocContainerFactory<Request> = (request): IocContainer => ({
  get: <T>(controller: unknown): T => new (controller as ControllerOf<T>)(depsOf(request)),
});
