import { PUBLISHER } from '@ums/contracts/kafka/publisher';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import { wholeName } from '@ums/kit/event-log/wholeName';
import type { Query } from '@ums/kit/postgres/guardedQuery';

/** How far what follows the event log has come. */
export interface ReadModelProgress {
  /**
   * Up to where the projection that holds personal data has handled every event, as a read of the log has shown, in copies beside
   * the live tables too; `null` before it began.
   */
  projected: string | null;
  /** `null` where nothing is published to Kafka. */
  published: string | null;
  /** Which of the users have rows that may be older. */
  parked: readonly string[];
}

/** @param userIds of whom the parked ones are asked for. @throws DependencyUnavailable */
export const readModelProgress = async (read: Query, userIds: readonly string[]): Promise<ReadModelProgress> => {
  const [row] = await read<{ projected: string | null; published: string | null; parked: string[] }>({
    name: 'find-progress-of-erasures',
    text: `select case when bool_or(name = $2) then min(position) filter (where name in ($2, $4)) end as projected,
             max(position) filter (where name = $3) as published,
             array(select key from read.parked where projection = $2 and key = any($1::uuid[])) as parked
           from read.checkpoint`,
    values: [[...userIds], USER_PROFILE_PROJECTION, PUBLISHER, wholeName(USER_PROFILE_PROJECTION)],
  });
  return row ?? { projected: null, published: null, parked: [] };
};
