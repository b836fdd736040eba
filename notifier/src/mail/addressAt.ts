import { isErased } from '@ums/contracts/personal';
import { currentType } from '@ums/contracts/stored/stored';
import type { MailDeps } from './mailDefinition.js';
import { openUncached } from './openUncached.js';

const SETS_ADDRESS: readonly (string | undefined)[] = ['UserRegistered', 'EmailChanged', 'EmailChangeUndone'];

/**
 * The address that a user had at a revision of their stream, or has now.
 *
 * @returns `erased: true` once the user is erased; a short reason why the address can never be read.
 * @throws LogUnavailable
 */
export const addressAt = async (
  { eventLog, keys }: Pick<MailDeps, 'eventLog' | 'keys'>,
  stream: string,
  revision?: bigint,
): Promise<{ email: string } | { erased: true } | { dead: string }> => {
  const all = await eventLog.readStream(stream);
  const events = revision === undefined ? all : all.filter((event) => event.revision <= revision);
  const recorded = events.findLast(({ type }) => SETS_ADDRESS.includes(currentType(type)));
  if (recorded === undefined) return { dead: 'no address' };
  const fact = await openUncached(recorded, keys);
  if ('unreadable' in fact) return { dead: fact.unreadable };
  if (fact.type !== 'UserRegistered' && fact.type !== 'EmailChanged' && fact.type !== 'EmailChangeUndone')
    return { dead: 'another type' };
  const { email } = fact.data;
  return isErased(email) ? { erased: true } : { email };
};
