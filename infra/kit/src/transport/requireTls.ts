import { type Environment, flag, type Reader } from '../env.js';
import { InvalidSetting } from '../invalidSetting.js';
import { isProduction } from '../productionMode.js';

/**
 * The variable that forbids or permits plain text. Refuses what would turn off the check of certificates in the clients of
 * all engines, whatever their settings say (K-04).
 * @default true where NODE_ENV is `production`, as in the image
 */
export const requireTls = (): Reader<boolean> => ({
  read: (name, env) => {
    const required = flag(isProduction(env)).read(name, env);
    if (required && env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
      throw new InvalidSetting(
        'cannot be kept while NODE_TLS_REJECT_UNAUTHORIZED=0 accepts every certificate: unset it',
      );
    return required;
  },
});

/** Whether plain text is refused (K-04). Everything but `false` refuses it; the reader above reports what is neither. */
export const isTlsRequired = (env: Environment): boolean =>
  env.REQUIRE_TLS?.trim() ? env.REQUIRE_TLS.trim() !== 'false' : isProduction(env);

export interface EncryptionRule<T> {
  /** Whether the value leads to TLS with a verified certificate, or to a connection that does not leave the machine. */
  isSafe(value: T, env: Environment): boolean;
  /** What to do about one that is not safe; completes the sentence. */
  advice: string;
}

/** Reads a setting that leads to an engine, and refuses plain text where TLS is required (K-04). */
export const encrypted = <T>(inner: Reader<T>, { isSafe, advice }: EncryptionRule<T>): Reader<T> => ({
  read: (name, env) => {
    const value = inner.read(name, env);
    if (isTlsRequired(env) && !isSafe(value, env))
      throw new InvalidSetting(
        `is used in plain text or without a check of the certificate, which only REQUIRE_TLS=false permits: ${advice}`,
      );
    return value;
  },
});
