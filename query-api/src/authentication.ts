import { authenticate } from '@ums/identity/authenticate';
import type { Request } from 'express';
import { depsOf } from './requestDeps.js';

/** The generated routes call this for `@Security('bearer', roles)`, before they read parameters or body. */
export const expressAuthentication = (request: Request, _scheme: string, roles: readonly string[] = []) =>
  authenticate(request, roles, depsOf(request));
