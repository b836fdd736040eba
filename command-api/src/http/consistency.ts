import { CONSISTENCY_HEADER, formatConsistencyToken } from '@ums/contracts/consistencyToken';

export { CONSISTENCY_HEADER };

/** What a reader passes on to see at least what this command wrote. */
export const consistencyTokenOf = ({ logId }: { logId: string }, position: bigint): string =>
  formatConsistencyToken({ logId, position });
