import type { KeyObject } from 'node:crypto';
import type { DomainEvent, RecordedEvent } from '@ums/contracts/events/event';
import type { MailTokens } from '@ums/identity/mail-token/mailToken';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import type pg from 'pg';
import type { Composition, DeliveryDeps } from './deliverOnce.js';
import type { MailTemplate } from './mailTemplate.js';

/** What mail definitions compose with. */
export interface MailDeps extends DeliveryDeps {
  eventLog: EventLog;
  vault: pg.Pool;
  keys: DataKeys;
  addressKey: KeyObject;
  mailTokens: MailTokens;
  /** Base of every link. It comes from the configuration, never from a request (E-07). */
  publicUrl: string;
}

/** One kind of mail: the event that causes it, how it is composed, and its words. */
export interface MailDefinition<Details = never> extends MailTemplate<Details> {
  /** Type of the event that causes the mail. */
  fact: DomainEvent['type'];
  /**
   * UUIDs that the event's mails are about, one mail for each. By default there is one mail, about `id`.
   *
   * @param id UUID in the event's stream name.
   * @returns `dead` when the event can never be read.
   */
  subjects?(deps: MailDeps, id: string, recorded: RecordedEvent): Promise<readonly string[] | 'dead'>;
  /**
   * Finds recipient and words, or why no mail is sent, such as a best-before that has passed. Runs before the mail is
   * claimed, also for a mail that was sent already, so it has no effect.
   */
  compose(deps: MailDeps, about: string, recorded: RecordedEvent): Promise<Composition>;
  /** Runs when no further attempt will be made: the mail was sent, skipped or given up. May run more than once. */
  cleanUp?(deps: MailDeps, about: string): Promise<void>;
}
