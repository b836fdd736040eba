import type { Role } from '@ums/contracts/roles';
import type { Principal } from '@ums/kit/http/requestContext';
import { Refused } from '@ums/kit/refused';
import type { CommandDeps } from '../commandDeps.js';
import { findLiveSession } from './sessionRows.js';

/**
 * What every command asks the vault before it decides, after any hashing (T-08): is this session alive, its account active,
 * its token not cut, its role still held? One query; the access token alone proves none of it.
 *
 * @throws Refused `unauthenticated`, `forbidden`.
 */
export const mustBeLive = async (
  { vault, clock }: Pick<CommandDeps, 'vault' | 'clock'>,
  { userId, sessionId, epoch }: Principal,
  role?: Role,
): Promise<void> => {
  const session = await findLiveSession(vault, sessionId, clock.now());
  if (session === undefined || session.userId !== userId || session.epoch > epoch) throw new Refused('unauthenticated');
  if (role !== undefined && !session.roles.includes(role)) throw new Refused('forbidden');
};
