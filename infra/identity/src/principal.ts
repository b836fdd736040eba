import type { Role } from '@ums/contracts/roles';
import { Refused } from '@ums/kit/refused';
import type { Request } from 'express';

/** Who the verified access token says is calling (Z-02). No other part of a request names a user. */
export interface Principal {
  userId: string;
  sessionId: string;
  roles: readonly Role[];
  /** `epoch` of the token; a revocation raises the account's epoch above it. */
  epoch: bigint;
}

/** The principal of a request that passed `authenticate`: the generated routes keep it as `request.user`. */
export const principalOf = (request: Request): Principal => {
  const { user } = request as Request & { user?: Principal };
  if (user === undefined) throw new Refused('unauthenticated');
  return user;
};
