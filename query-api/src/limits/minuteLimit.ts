import { limitsKey, requestBucket } from '@ums/identity/limits/requestBucket';
import { type RequestLimit, requestLimit } from '@ums/identity/limits/requestLimit';
import type { Clock } from '@ums/kit/clock';
import type { Query } from '@ums/kit/postgres/guardedQuery';

export interface MinuteLimitDeps {
  vault: Query;
  clock: Clock;
  /** The key of the hashes of sources and users is derived from it. */
  masterKey: Buffer;
  /** Requests in a minute to one route from one source, or of one user. */
  perMinute: number;
}

const MINUTE_MS = 60_000;

/** A limit on requests in a minute, shared by all processes of this service through the vault. */
export const minuteLimit = ({ vault, clock, masterKey, perMinute }: MinuteLimitDeps): RequestLimit => {
  const key = limitsKey(masterKey);
  return requestLimit({
    ...{ clock, perWindow: perMinute, windowMs: MINUTE_MS },
    add: async ({ route, source }, ends, requests) => {
      const [row] = await vault<{ reported: number }>({
        name: 'add-requests-to-query',
        text: 'select add_requests($1, $2, $3) as reported',
        values: [requestBucket(key, route, source), ends, requests],
      });
      return row?.reported ?? requests;
    },
  });
};
