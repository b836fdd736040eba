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

const DAY_MS = 86_400_000;

/** A limit on requests in a day, which ends at midnight in UTC. What fails because the vault is down uses up no part of it. */
export const createDayLimit = (options: Omit<RequestLimitDeps, 'windowMs' | 'countsFailed'>): RequestLimit =>
  createRequestLimit({ ...options, windowMs: DAY_MS, countsFailed: false });
