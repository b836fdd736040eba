import type { RecordRead } from '@ums/identity/access/recordRead';
import type { AccessTokenVerifier } from '@ums/identity/access-token/accessTokenVerifier';
import type { RequestLimit } from '@ums/identity/limits/requestLimit';
import type { RequestPlaces } from '@ums/kit/http/requestPlaces';
import type { AuditDeps } from './audit/auditDeps.js';
import type { Revocations } from './authorization/followRevocations.js';
import type { ReceiptDeps } from './erasure/receiptController.js';
import type { HistoryDeps } from './history/historyDeps.js';
import type { ProfileDeps } from './profile/ownProfile.js';
import type { ProofDeps } from './proof/proofDeps.js';

/** The dependencies of all controllers and of the authentication of requests. */
export interface QueryDeps extends ProfileDeps, HistoryDeps, AuditDeps, ReceiptDeps {
  verifier: AccessTokenVerifier;
  /** Of the requests of each user. */
  places: RequestPlaces;
  revocations: Pick<Revocations, 'isRevoked'>;
  recordRead: RecordRead;
  /** Of reads of each auditor and administrator. */
  auditLimit: RequestLimit;
  proofSlots: ProofDeps['proofSlots'];
}
