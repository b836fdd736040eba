import type { AccessTokenSigner } from '@ums/identity/access-token/accessTokenSigner';
import type { AccessTokenVerifier } from '@ums/identity/access-token/accessTokenVerifier';
import type { MailTokens } from '@ums/identity/mail-token/mailToken';
import type { AppendDeps } from '@ums/kit/facts/appendFacts';
import type { Log } from '@ums/kit/log';
import type pg from 'pg';
import type { Passwords } from './credentials/passwords.js';
import type { CredentialLimits } from './limits/credentialLimits.js';
import type { ConfirmPages } from './registration/confirmPages.js';
import type { RefreshTokens } from './session/refreshTokens.js';

/** Dependencies for appending facts and settling the vault. The reconciler needs no others. */
export interface FactDeps extends AppendDeps {
  vault: pg.Pool;
  addressKey: Buffer;
  /** Identity of the event log; part of every checkpoint and consistency token. */
  logId: string;
  log: Log;
  /** Called after each step of confirmation, settling and erasure. Only tests set it, to simulate a crash. */
  crashPoint?: CrashPoint;
}

/** Dependencies of use cases. */
export interface CommandDeps extends FactDeps {
  mailTokens: MailTokens;
  passwords: Passwords;
  limits: CredentialLimits;
}

/** Dependencies of the use cases that start, refresh and end sessions. */
export interface SessionDeps extends CommandDeps {
  accessTokens: AccessTokenSigner;
  refreshTokens: RefreshTokens;
}

/** Dependencies of the controllers. */
export interface ApiDeps extends SessionDeps {
  verifier: AccessTokenVerifier;
  confirmPages: ConfirmPages;
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
    | 'account-written'
    | 'sessions-deleted'
    | 'erasure-written'
    | 'erasure-finished',
) => void;
