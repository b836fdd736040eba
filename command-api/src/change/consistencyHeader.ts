import { CONSISTENCY_HEADER, formatConsistencyToken } from '@ums/contracts/consistencyToken';

/** Name and value of the header that lets reads wait for a command. @param position of its last event in the log. */
export const consistencyHeader = ({ logId }: { logId: string }, position: bigint): [name: string, value: string] => [
  CONSISTENCY_HEADER,
  formatConsistencyToken({ logId, position }),
];
