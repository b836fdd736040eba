/**
 * Cases of golden.mjs, by name, whose answers differ from those of a real EventStoreDB, with the reason. All other
 * answers in answers.jsonl are reproduced exactly.
 */
export const UNSUPPORTED_CASES: readonly { readonly reason: string; readonly cases: RegExp }[] = [
  {
    reason: 'Delete and Tombstone are not implemented: streams are never deleted',
    cases:
      /^(deleteStream|tombstoneStream|delete|tombstone)\.|^append\.(empty\.)?(deleted|tombstoned)\.|^append\.nothrow\.tombstoned\.|^idempotent\.after-delete\/|^names\.unicode\.tombstoned\/|^sub\.stream\.(deleted|tombstoned)-|^sub\.all\.system-included$|^readall\.monotonic$/,
  },
  {
    reason: 'stream metadata is stored and returned, but has no effect ($maxCount, $maxAge, $tb, one visible event)',
    cases:
      /^meta\.(set\.get|set\.twice|maxcount\.append|truncate-before|truncate-beyond|maxage|stream\.append-direct)$|^sub\.stream\.(truncated|maxcount)$/,
  },
  { reason: 'persistent subscriptions are not implemented', cases: /^psub\./ },
  { reason: 'links are sent as they are, never resolved', cases: /^link\./ },
  {
    reason: 'these answers are from BatchAppend, which is not advertised, so the client uses Append',
    cases: /^size\.(data\.1048577|one\.3M|one\.5M)\/batch$|^batch\.rejected\./,
  },
];
