import { authenticate } from '@ums/identity/authenticate';
import type { Principal } from '@ums/identity/principal';
import type { Request } from 'express';
import { countAudit } from './limits/countAudit.js';
import { depsOf } from './requestDeps.js';

/** The generated routes call this for `@Security('bearer', roles)`, before they read parameters or body. */
export const expressAuthentication = async (
  request: Request,
  _scheme: string,
  roles: readonly string[] = [],
): Promise<Principal> => {
  const deps = depsOf(request);
  const principal = await authenticate(request, roles, deps);
  await countAudit(deps, principal, roles);
  return principal;
};
