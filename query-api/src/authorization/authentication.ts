import { authenticate } from '@ums/identity/authenticate';
import type { Request } from 'express';
import { depsOf } from '../requestDeps.js';

/** Called by the generated routes for `@Security('bearer', roles)`, before anything else of a request is read. */
export const expressAuthentication = (request: Request, _scheme: string, roles: readonly string[] = []) =>
  authenticate(request, roles, depsOf(request));
