import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { ReadOfOther, ReadOfOtherDeps } from '@ums/query-api/history/readsOfOthers';

/** Reads of other persons' histories that are on record, and the grants that are open. */
export interface TestReads extends Required<ReadOfOtherDeps> {
  recorded: ReadOfOther[];
  /** While true, no read can be recorded. */
  areRefused: boolean;
  /** Opens a grant for a reader and a user. */
  open(grant: { grantId: string; readerId: string; userId: string }): void;
}

export const testReads = (): TestReads => {
  const grants = new Set<string>();
  const key = (grant: Parameters<TestReads['open']>[0]) => `${grant.grantId} ${grant.readerId} ${grant.userId}`;
  const reads: TestReads = {
    recorded: [],
    areRefused: false,
    open: (grant) => void grants.add(key(grant)),
    openGrant: async (asked) => grants.has(key(asked)),
    recordRead: async (read) => {
      if (reads.areRefused) throw new LogUnavailable();
      reads.recorded.push(read);
    },
  };
  return reads;
};
