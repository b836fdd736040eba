import type { RecordRead } from '@ums/identity/access/recordRead';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import type { SharedSlots } from '@ums/kit/queue/sharedSlots';
import type { FileDeps } from '../account/factDeps.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import type { DailyTurns } from '../limits/dailyTurns.js';

/** What the files of an export are read with. */
export interface ExportReadDeps extends FileDeps {
  /** Of the tables of the notary and the records of mails. */
  readUsers: Query;
  appName: string;
}

/** Dependencies of the routes that export what is stored about a user. */
export interface ExportDeps extends ExportReadDeps, CredentialDeps {
  recordRead: RecordRead;
  /** Shared among the readers. */
  exportSlots: SharedSlots;
  exportTurns: DailyTurns;
}
