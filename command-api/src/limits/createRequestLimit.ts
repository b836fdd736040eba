import type { KeyObject } from 'node:crypto';
import { type RequestLimit, type RequestLimitOptions, requestLimit } from '@ums/identity/limits/requestLimit';
import type pg from 'pg';
import { attemptBuckets } from './buckets.js';
import { addRequests } from './requestCountRow.js';

export interface RequestLimitDeps extends Omit<RequestLimitOptions, 'add'> {
  vault: pg.Pool;
  addressKey: KeyObject;
}

/** A limit whose counts are in the vault, under keyed hashes. */
export const createRequestLimit = ({ vault, addressKey, ...options }: RequestLimitDeps): RequestLimit => {
  const bucketOf = attemptBuckets(addressKey);
  return requestLimit({
    ...options,
    add: ({ route, source }, ends, requests) => addRequests(vault, bucketOf.requests(route, source), ends, requests),
  });
};
