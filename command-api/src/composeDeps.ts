import { createSecretKey } from 'node:crypto';
import { type AccessTokenSigner, accessTokenSigner } from '@ums/identity/access-token/accessTokenSigner';
import { accessTokenVerifier } from '@ums/identity/access-token/accessTokenVerifier';
import { sourcePlaces } from '@ums/identity/limits/sourcePlaces';
import { userPlaces } from '@ums/identity/limits/userPlaces';
import { mailTokens } from '@ums/identity/mail-token/mailToken';
import { pictureUrls } from '@ums/identity/picture/pictureUrls';
import { configuredMasterKeys } from '@ums/identity/vault/masterKeySettings';
import { vaultDataKeys } from '@ums/identity/vault/vaultDataKeys';
import type { Clock } from '@ums/kit/clock';
import { lazyS3Storage } from '@ums/kit/object-storage/lazyS3Storage';
import { objectLinks } from '@ums/kit/object-storage/objectLinkSettings';
import { s3Access } from '@ums/kit/object-storage/objectStorageSettings';
import { streamSlots } from '@ums/kit/queue/streamSlots';
import type { ApiDeps, ComposedDeps } from './apiDeps.js';
import { type CommandApiConfig, listOf } from './config.js';
import { hashQueue } from './credentials/hashQueue.js';
import { hashScheme } from './credentials/hashScheme.js';
import { createPasswords } from './credentials/passwords.js';
import { createPepper } from './credentials/pepper.js';
import { createDayLimit, createRequestLimit } from './limits/createRequestLimit.js';
import { createCredentialLimits } from './limits/credentialLimits.js';
import { createDailyTurns } from './limits/dailyTurns.js';
import { feedbackCounter } from './mail-feedback/countFeedback.js';
import { signingKeys } from './mail-feedback/signingKeys.js';
import { confirmPages } from './mailed-link/confirmPages.js';
import { purposeOf } from './mailed-link/followLink.js';
import { uploadPools } from './picture/uploadSlots.js';
import { lateChangesPerDay } from './profile/changeLimit.js';
import { loginCounter } from './session/countLogin.js';
import { createRefreshTokens } from './session/refreshTokens.js';

const MINUTE_MS = 60_000;

/** Exports that the process sends at a time. Each takes a share of the processor as long as its client reads. */
const MAX_EXPORTS = 2;

const issuerAndAudience = (config: CommandApiConfig) => ({
  issuer: config.ACCESS_TOKEN_ISSUER,
  audience: config.ACCESS_TOKEN_AUDIENCE,
});

/** @throws StartRefused for an unusable ACCESS_TOKEN_KEY or ACCESS_TOKEN_KEY_PREVIOUS */
export const createAccessTokens = (config: CommandApiConfig, clock: Clock): AccessTokenSigner =>
  accessTokenSigner({
    ...issuerAndAudience(config),
    clock,
    privateKeyPem: config.ACCESS_TOKEN_KEY,
    previousKeysPem: listOf(config.ACCESS_TOKEN_KEY_PREVIOUS),
    ttlSeconds: config.ACCESS_TOKEN_SECONDS,
  });

/** Builds the dependencies of the use cases from the configuration and open connections. */
export const composeDeps = (
  config: CommandApiConfig,
  open: Pick<ApiDeps, 'vault' | 'eventLog' | 'logId' | 'log' | 'clock' | 'accessTokens' | 'fetchText'>,
): ComposedDeps => {
  const { vault, clock, accessTokens, fetchText } = open;
  const keys = configuredMasterKeys(config);
  const addressKey = createSecretKey(config.ADDRESS_KEY);
  const tokens = mailTokens(config.MAIL_TOKEN_KEY, listOf(config.MAIL_TOKEN_KEY_PREVIOUS));
  return {
    ...open,
    verifier: accessTokenVerifier({ ...issuerAndAudience(config), clock, jwks: () => accessTokens.jwks }),
    places: userPlaces(),
    sourcePlaces: sourcePlaces(),
    refreshTokens: createRefreshTokens(config.REFRESH_TOKEN_KEY, listOf(config.REFRESH_TOKEN_KEY_PREVIOUS)),
    refreshGraceSeconds: config.REFRESH_GRACE_SECONDS,
    countLogin: loginCounter(),
    mailTokens: tokens,
    masterKeys: keys,
    keys: vaultDataKeys({ pool: vault, masterKeys: keys, clock }),
    addressKey,
    pictureUrls: pictureUrls(objectLinks(config), open.log),
    passwords: createPasswords({
      appName: config.APP_NAME,
      scheme: hashScheme(config.PASSWORD_HASH),
      peppers: [createPepper(config.PASSWORD_PEPPER), ...listOf(config.PASSWORD_PEPPER_PREVIOUS).map(createPepper)],
      queue: hashQueue(),
      onUnknownPepper: () => open.log.warn('a password cannot be verified: the pepper of its hash is not configured'),
    }),
    confirmPages: confirmPages({
      publicUrl: config.PUBLIC_URL,
      appName: config.APP_NAME,
      appUrl: config.APP_URL,
      purposeOf: (token) => purposeOf({ mailTokens: tokens }, token),
    }),
    limits: createCredentialLimits({ vault, clock, addressKey, settings: limitSettings(config) }),
    requestLimit: createRequestLimit({
      ...{ vault, clock, addressKey },
      ...{ perWindow: config.LIMIT_REQUESTS_PER_SOURCE, windowMs: MINUTE_MS },
    }),
    changeLimit: createDayLimit({ vault, clock, addressKey, perWindow: config.LIMIT_CHANGES_PER_USER }),
    lateChangeLimit: createDayLimit({
      vault,
      clock,
      addressKey,
      perWindow: lateChangesPerDay(config.LIMIT_CHANGES_PER_USER),
    }),
    exportSlots: streamSlots('exports', MAX_EXPORTS),
    exportTurns: createDailyTurns({ vault, clock, addressKey, perDay: config.LIMIT_EXPORTS_PER_USER }),
    feedbackTopic: config.SES_FEEDBACK_TOPIC_ARN,
    signingKeys: signingKeys(fetchText, clock),
    countFeedback: feedbackCounter(),
    appName: config.APP_NAME,
    objects: lazyS3Storage(s3Access(config)),
    uploads: uploadPools(),
    pictureLimit: createDayLimit({
      vault,
      clock,
      addressKey,
      perWindow: config.LIMIT_PICTURES_PER_USER,
      slug: 'too-many-pictures',
    }),
  };
};

const limitSettings = (config: CommandApiConfig) => ({
  failuresPerAccountAndSource: config.LIMIT_FAILURES_PER_ACCOUNT_AND_SOURCE,
  failuresPerAccount: config.LIMIT_FAILURES_PER_ACCOUNT,
  failuresPerSource: config.LIMIT_FAILURES_PER_SOURCE,
  mailsPerAddressAndSource: config.LIMIT_MAILS_PER_ADDRESS_AND_SOURCE,
  mailsPerAddress: config.LIMIT_MAILS_PER_ADDRESS,
  mailsPerSource: config.LIMIT_MAILS_PER_SOURCE,
});
