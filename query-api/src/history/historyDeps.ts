import type { RecordRead } from '@ums/identity/access/recordRead';
import type { GrantDeps } from '@ums/identity/grant/readGrant';
import type { Principal } from '@ums/identity/principal';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import type { Log } from '@ums/kit/log';

/** Dependencies of reads of the own history. */
export interface OwnHistoryDeps extends Pick<GrantDeps, 'eventLog' | 'keys'> {
  log: Log;
}

/** Dependencies of reads of histories. */
export interface HistoryDeps extends OwnHistoryDeps, GrantDeps {
  recordRead: RecordRead;
}

/** A request for data of another person. */
export interface AskedByOther {
  reader: Principal;
  userId: string;
  grantId: string | undefined;
  origin: RequestOrigin;
}
