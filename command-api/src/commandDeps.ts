import type { AccessTokenSigner } from '@ums/identity/access-token/sign';
import type { AccessTokenVerifier } from '@ums/identity/access-token/verify';
import type { MailTokens } from '@ums/identity/mail-token/mailToken';
import type { AppendDeps } from '@ums/kit/facts/appendFacts';
import type { Log } from '@ums/kit/log';
import type pg from 'pg';
import type { Passwords } from './credentials/passwords.js';
import type { CredentialLimits } from './limits/credentialLimits.js';
import type { RefreshTokens } from './session/refreshTokens.js';

/** What it takes to append facts and settle the vault: all that the reconciler needs. */
export interface FactDeps extends AppendDeps {
  vault: pg.Pool;
  addressKey: Buffer;
  /** Identity of the event log, part of every checkpoint and consistency token. */
  logId: string;
  log: Log;
  /** Called between the steps of confirmation, settling and erasure. Only tests set it, to crash there. */
  crashPoint?: CrashPoint;
}

/** What a use case may need. Functions take the part they use. */
export interface CommandDeps extends FactDeps {
  mailTokens: MailTokens;
  passwords: Passwords;
  limits: CredentialLimits;
}

/** What begins, renews and ends sessions. */
export interface SessionDeps extends CommandDeps {
  accessTokens: AccessTokenSigner;
  refreshTokens: RefreshTokens;
}

/** What the controllers pass on to the use cases. */
export interface ApiDeps extends SessionDeps {
  verifier: AccessTokenVerifier;
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
