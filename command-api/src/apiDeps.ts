import type { AccessTokenVerifier } from '@ums/identity/access-token/accessTokenVerifier';
import type { SourceBounds } from '@ums/identity/limits/limitRoutes';
import type { RequestPlaces } from '@ums/kit/http/requestPlaces';
import type { ExportDeps } from './export/exportDeps.js';
import type { FeedbackDeps } from './mail-feedback/receiveNotice.js';
import type { MailedLinkDeps } from './mailed-link/mailedLinkDeps.js';
import type { uploadPools } from './picture/uploadSlots.js';
import type { ProfileDeps } from './profile/profileController.js';
import type { SessionDeps } from './session/sessionDeps.js';

/** The dependencies of all controllers. Each folder declares the part that it uses. */
export interface ApiDeps extends MailedLinkDeps, SessionDeps, ProfileDeps, ExportDeps, FeedbackDeps, SourceBounds {
  verifier: AccessTokenVerifier;
  /** Of the requests of each user. */
  places: RequestPlaces;
  uploads: ReturnType<typeof uploadPools>;
}

/** Those that the configuration and a few connections make. The others have connections or timers of their own. */
export type ComposedDeps = Omit<ApiDeps, 'recordRead' | 'readUsers'>;
