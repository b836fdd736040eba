import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import { openFacts } from '@ums/kit/facts/openFacts';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';

/**
 * Opens one event with data keys read from the vault now, not from a cache, so that no user is mailed after their
 * erasure.
 *
 * @returns the fact, or a short reason why it can never be read.
 */
export const openUncached = async (recorded: RecordedEvent, keys: DataKeys): Promise<Fact | { unreadable: string }> => {
  const [opened] = await openFacts([recorded], { ...keys, fetch: keys.fresh });
  return opened?.fact ?? { unreadable: opened?.failed?.name ?? 'unknown type' };
};
