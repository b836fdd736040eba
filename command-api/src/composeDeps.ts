import { type AccessTokenSigner, accessTokenSigner } from '@ums/kit/access-token/sign';
import { accessTokenVerifier } from '@ums/kit/access-token/verify';
import type { Clock } from '@ums/kit/clock';
import { mailTokens } from '@ums/kit/mail-token/mailToken';
import { dataKeys } from '@ums/kit/sealing/dataKeys';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { type CommandApiConfig, given } from './config.js';
import type { HttpDeps } from './http/httpDeps.js';
import { createCredentialLimits } from './limits/credentialLimits.js';
import { hashScheme } from './password/hashScheme.js';
import { createPasswords } from './password/passwords.js';
import { pepper } from './password/pepper.js';
import { boundedQueue } from './queue/boundedQueue.js';
import { createRefreshTokens } from './session/refreshTokens.js';

/** Two hashes run and twenty wait: more would starve the thread pool, or be answered too late. */
const HASH_QUEUE = { running: 2, waiting: 20 };

const namesOf = (config: CommandApiConfig) => ({
  issuer: config.ACCESS_TOKEN_ISSUER,
  audience: config.ACCESS_TOKEN_AUDIENCE,
});

/** @throws StartRefused for an unusable ACCESS_TOKEN_KEY or ACCESS_TOKEN_KEY_PREVIOUS */
export const accessTokensOf = (config: CommandApiConfig, clock: Clock): AccessTokenSigner =>
  accessTokenSigner({
    ...namesOf(config),
    clock,
    privateKeyPem: config.ACCESS_TOKEN_KEY,
    previousKeysPem: given(config.ACCESS_TOKEN_KEY_PREVIOUS),
    ttlSeconds: config.ACCESS_TOKEN_SECONDS,
  });

/** Makes of configuration and open connections what the use cases need. */
export const composeDeps = (
  config: CommandApiConfig,
  open: Pick<HttpDeps, 'vault' | 'eventLog' | 'logId' | 'log' | 'clock' | 'accessTokens'>,
): HttpDeps => {
  const { vault, clock, accessTokens } = open;
  const keys = masterKeys(config.MASTER_KEY);
  return {
    ...open,
    verifier: accessTokenVerifier({ ...namesOf(config), clock, jwks: () => accessTokens.jwks }),
    refreshTokens: createRefreshTokens(config.REFRESH_TOKEN_KEY, given(config.REFRESH_TOKEN_KEY_PREVIOUS)),
    mailTokens: mailTokens(config.MAIL_TOKEN_KEY, given(config.MAIL_TOKEN_KEY_PREVIOUS)),
    masterKeys: keys,
    keys: dataKeys({ pool: vault, masterKeys: keys, clock }),
    addressKey: config.ADDRESS_KEY,
    passwords: createPasswords({
      scheme: hashScheme(config.PASSWORD_HASH),
      peppers: [pepper(config.PASSWORD_PEPPER), ...given(config.PASSWORD_PEPPER_PREVIOUS).map(pepper)],
      queue: boundedQueue(HASH_QUEUE),
    }),
    limits: createCredentialLimits({ vault, clock, addressKey: config.ADDRESS_KEY, numbers: numbersOf(config) }),
  };
};

const numbersOf = (config: CommandApiConfig) => ({
  failuresPerAccountAndSource: config.LIMIT_FAILURES_PER_ACCOUNT_AND_SOURCE,
  failuresPerAccount: config.LIMIT_FAILURES_PER_ACCOUNT,
  failuresPerSource: config.LIMIT_FAILURES_PER_SOURCE,
  mailsPerAddressAndSource: config.LIMIT_MAILS_PER_ADDRESS_AND_SOURCE,
  mailsPerAddress: config.LIMIT_MAILS_PER_ADDRESS,
  mailsPerSource: config.LIMIT_MAILS_PER_SOURCE,
});
