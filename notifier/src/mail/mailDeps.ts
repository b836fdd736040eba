import type { MailTokens } from '@ums/identity/mail-token/mailToken';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import type pg from 'pg';
import type { DeliveryDeps } from './deliverOnce.js';

/** What it takes to turn a fact into a mail. */
export interface MailDeps extends DeliveryDeps {
  eventLog: EventLog;
  vault: pg.Pool;
  keys: DataKeys;
  addressKey: Buffer;
  mailTokens: MailTokens;
  /** Base of every link, whatever a request said of its host (E-07). */
  publicUrl: string;
}
