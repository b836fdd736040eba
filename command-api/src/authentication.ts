import { authenticate } from '@ums/identity/authenticate';
import type { Request } from 'express';
import { depsOf } from './requestDeps.js';

/**
 * Called by tsoa's generated routes for `@Security('bearer', roles)`. Checks the access token alone; `liveCaller` then
 * confirms session, epoch and roles in the vault.
 */
export const expressAuthentication = (request: Request, _scheme: string, roles: readonly string[] = []) =>
  authenticate(request, roles, depsOf(request));
