import type { KeyObject } from 'node:crypto';
import type { AppendDeps } from '@ums/kit/facts/appendFacts';
import type { Log } from '@ums/kit/log';
import type { ObjectStorage } from '@ums/kit/object-storage/objectStorage';
import type pg from 'pg';

/** Dependencies for appending facts and settling accounts in the vault. */
export interface FactDeps extends AppendDeps {
  vault: pg.Pool;
  addressKey: KeyObject;
  /** Identity of the event log; part of every checkpoint and consistency token. */
  logId: string;
  log: Log;
  /** Called after each step of confirmations, settling and erasure. Only tests set it, to simulate a crash. */
  crashPoint?: CrashPoint;
}

/** Dependencies of what also stores or deletes the files of users. The reconciler needs no others. */
export interface FileDeps extends FactDeps {
  /** Holds uploads and pictures. */
  objects: ObjectStorage;
}

/** @param step the step that has just finished. */
export type CrashPoint = (
  step:
    | 'registration-stored'
    | 'registration-claimed'
    | 'user-registered'
    | 'user-settled'
    | 'registration-completed'
    | 'facts-appended'
    | 'bounce-appended'
    | 'account-written'
    | 'sessions-deleted'
    | 'address-claimed'
    | 'addresses-written'
    | 'erasure-written'
    | 'erasure-finished',
) => void;
