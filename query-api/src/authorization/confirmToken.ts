import { principalOf } from '@ums/identity/principal';
import { Refused } from '@ums/kit/refused';
import type { Request } from 'express';
import type { Revocations } from './followRevocations.js';

/**
 * Confirms, for an answer that takes long, that the access token of its request is not revoked meanwhile.
 *
 * @throws Refused `unauthenticated`; DependencyUnavailable
 */
export const confirmToken = async (
  { revocations }: { revocations: Pick<Revocations, 'isRevoked'> },
  request: Request,
): Promise<void> => {
  const { userId: sub, sessionId: sid, epoch } = principalOf(request);
  if (await revocations.isRevoked({ sub, sid, epoch })) throw new Refused('unauthenticated');
};
