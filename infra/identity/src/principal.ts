import type { Role } from '@ums/contracts/roles';
import { Refused } from '@ums/kit/refused';
import type { Request } from 'express';

/** The caller of a request, from its verified access token. No other part of a request identifies a user (Z-02). */
export interface Principal {
  userId: string;
  sessionId: string;
  roles: readonly Role[];
  /** `epoch` of the token; a revocation raises the account's epoch above it. */
  epoch: bigint;
}

/**
 * The principal of a request that passed `authenticate`; the generated routes store it as `request.user`.
 *
 * @throws Refused `unauthenticated`
 */
export const principalOf = (request: Request): Principal => {
  const { user } = request as Request & { user?: Principal };
  if (user === undefined) throw new Refused('unauthenticated');
  return user;
};
