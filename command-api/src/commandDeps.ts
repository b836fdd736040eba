import type { Clock } from '@ums/kit/clock';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Log } from '@ums/kit/log';
import type { MailTokens } from '@ums/kit/mail-token/mailToken';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import type { MasterKeys } from '@ums/kit/sealing/masterKeys';
import type pg from 'pg';
import type { CredentialLimits } from './limits/credentialLimits.js';
import type { Passwords } from './password/passwords.js';

/** What it takes to write facts and keep the vault: all that the keeper needs. */
export interface FactDeps {
  vault: pg.Pool;
  eventLog: EventLog;
  keys: DataKeys;
  masterKeys: MasterKeys;
  addressKey: Buffer;
  clock: Clock;
  /** Identity of the event log, part of every checkpoint and consistency token. */
  logId: string;
  log: Log;
  /** Called between the steps of confirm, settle and erasure. Tests crash there; nobody else sets it. */
  crashPoint?: CrashPoint;
}

/** What a use case may need. Functions take the part they use. */
export interface CommandDeps extends FactDeps {
  mailTokens: MailTokens;
  passwords: Passwords;
  limits: CredentialLimits;
}

/** Named after the step just finished. */
export type CrashPoint = (
  step:
    | 'registration-stored'
    | 'registration-claimed'
    | 'user-registered'
    | 'user-settled'
    | 'registration-completed'
    | 'facts-appended'
    | 'account-written'
    | 'sessions-deleted'
    | 'erasure-written'
    | 'erasure-finished',
) => void;
