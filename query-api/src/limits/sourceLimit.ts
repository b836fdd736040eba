import { limitsKey, requestBucket } from '@ums/identity/limits/requestBucket';
import { type RequestLimit, requestLimit } from '@ums/identity/limits/requestLimit';
import type { Clock } from '@ums/kit/clock';
import type { Query } from '@ums/kit/postgres/guardedQuery';

export interface SourceLimitDeps {
  vault: Query;
  clock: Clock;
  /** The key of the hashes of sources is derived from it. */
  masterKey: Buffer;
  /** Requests that one source may send to one route in a minute. */
  perMinute: number;
}

const MINUTE_MS = 60_000;

/** A limit on requests per source, shared by all processes of this service through the vault. */
export const sourceLimit = ({ vault, clock, masterKey, perMinute }: SourceLimitDeps): RequestLimit => {
  const key = limitsKey(masterKey);
  return requestLimit({
    ...{ clock, perWindow: perMinute, windowMs: MINUTE_MS },
    add: async ({ route, source }, ends, requests) => {
      const [row] = await vault<{ reported: number }>({
        name: 'add-requests-of-source',
        text: 'select add_requests($1, $2, $3) as reported',
        values: [requestBucket(key, route, source), ends, requests],
      });
      return row?.reported ?? requests;
    },
  });
};
