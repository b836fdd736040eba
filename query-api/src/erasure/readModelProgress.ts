import { PUBLISHER } from '@ums/contracts/kafka/publisher';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import type { ReceiptRow } from './receiptRow.js';

/** How far what follows the event log has come with an erasure. */
export interface ReadModelProgress {
  /** The projection that holds personal data has deleted the user's rows, in copies beside the live tables too. */
  isProjected: boolean;
  /** `null` where nothing is published to Kafka. */
  isPublished: boolean | null;
}

/** @throws DependencyUnavailable */
export const readModelProgress = async (
  read: Query,
  { userId, position }: Pick<ReceiptRow, 'userId' | 'position'>,
): Promise<ReadModelProgress> => {
  const [row] = await read<{ [K in keyof ReadModelProgress]: boolean | null }>({
    name: 'find-progress-of-erasure',
    text: `select bool_or(position >= $2::numeric) filter (where name = $3)
               and not exists (select from read.parked where projection = $3 and key = $1) as "isProjected",
             bool_or(position >= $2::numeric) filter (where name = $4) as "isPublished"
           from read.checkpoint`,
    values: [userId, position, USER_PROFILE_PROJECTION, PUBLISHER],
  });
  return { isProjected: row?.isProjected === true, isPublished: row?.isPublished ?? null };
};
