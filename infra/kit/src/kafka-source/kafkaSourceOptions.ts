import { WORK_TOPIC } from '@ums/contracts/kafka/topics';
import type pg from 'pg';
import type { Backoff } from '../backoffMs.js';
import type { EventLog } from '../event-log/eventLog.js';
import type { KafkaSettings } from '../kafka/kafkaClient.js';
import type { Log } from '../log.js';

export interface KafkaSourceOptions {
  kafka: KafkaSettings;
  eventLog: EventLog;
  /** Identity of that log; stored with every commit. */
  logId: string;
  pool: pg.Pool;
  /** Schema of the table `checkpoint` of the source without a broker. A constant of the caller, never input. */
  schema: string;
  log: Log;
  /** @default from 0.5 s to 30 s */
  backoff?: Backoff;
  /** Limit of messages beyond the committed offset, in each partition. @default 1,000 */
  beyondCheckpoint?: number;
  /** @default 1 s */
  saveEveryMs?: number;
  /** How often the progress is compared with the end of the topic. @default 10 s */
  watchEveryMs?: number;
}

/** The consumer group of a consumer. */
export const workGroup = (consumer: string): string => `${WORK_TOPIC.name}.${consumer}`;
