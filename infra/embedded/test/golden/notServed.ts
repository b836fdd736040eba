/**
 * Cases of golden.mjs that the embedded log server does not answer as a real EventStoreDB does, by name, with the
 * reason. Everything else in answers.jsonl it answers to the letter.
 */
export const notServed: readonly { readonly reason: string; readonly cases: RegExp }[] = [
  {
    reason: 'streams are never deleted or tombstoned: Delete and Tombstone are unimplemented',
    cases:
      /^(deleteStream|tombstoneStream|delete|tombstone)\.|^append\.(empty\.)?(deleted|tombstoned)\.|^append\.nothrow\.tombstoned\.|^idempotent\.after-delete\/|^names\.unicode\.tombstoned\/|^sub\.stream\.(deleted|tombstoned)-|^sub\.all\.system-included$|^readall\.monotonic$/,
  },
  {
    reason: 'stream metadata is stored and read, but has no effect ($maxCount, $maxAge, $tb, one visible event)',
    cases:
      /^meta\.(set\.get|set\.twice|maxcount\.append|truncate-before|truncate-beyond|maxage|stream\.append-direct)$|^sub\.stream\.(truncated|maxcount)$/,
  },
  { reason: 'persistent subscriptions are not needed', cases: /^psub\./ },
  { reason: 'links are sent as they are, never resolved', cases: /^link\./ },
  {
    reason: 'these answers are of the batch path; BatchAppend is not advertised, so the client appends by call',
    cases: /^size\.(data\.1048577|one\.3M|one\.5M)\/batch$|^batch\.rejected\./,
  },
];
