import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Log } from '@ums/kit/log';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import type { ReadOfOtherDeps } from './readsOfOthers.js';

/** Dependencies of reads of histories. */
export interface HistoryDeps extends ReadOfOtherDeps {
  eventLog: EventLog;
  keys: DataKeys;
  log: Log;
}
