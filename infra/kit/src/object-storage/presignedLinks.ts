import { type Clock, systemClock } from '../clock.js';
import { linkSigner, type SigningCredentials } from './linkSigner.js';
import { keyPath, type LinkedAs, type ObjectLink } from './objectLinks.js';
import type { S3Access } from './s3Client.js';
import { storageFailure } from './storageFailure.js';

/** Links are the same for half of their lifetime, so that a browser finds the object in its cache. */
const LIFETIME_SECONDS = 300;
const STABLE_MS = (LIFETIME_SECONDS * 1_000) / 2;

type FindCredentials = () => Promise<SigningCredentials>;

/**
 * Links of S3 that expire in two and a half to five minutes. S3 sends no `X-Content-Type-Options`, except the embedded one, so
 * only content that this service has made itself should be linked.
 *
 * The credentials are those of the moment that the links are signed with. Links work as long with temporary ones: the SDK
 * replaces those five minutes before they expire.
 * @param access its endpoint is the one that browsers reach.
 * @param findCredentials finds those that `access` does not name. @default as the AWS SDK does
 */
export const presignedLinks = (
  access: S3Access,
  clock: Clock = systemClock,
  findCredentials: FindCredentials = () => sdkCredentials(access),
): ObjectLink => {
  const { origin, host, pathname } = bucketUrl(access);
  const signerOf = async ({ contentType, disposition }: LinkedAs, signedAt: Date) =>
    linkSigner({
      ...{ region: access.region, host, signedAt, lifetimeSeconds: LIFETIME_SECONDS },
      credentials: access.credentials ?? (await found(findCredentials)),
      query: { 'response-content-type': contentType, 'response-content-disposition': disposition },
    });
  const signers = new Map<string, ReturnType<typeof signerOf>>();
  let since = 0;
  return async (key, as) => {
    const now = Math.floor(clock.now().getTime() / STABLE_MS) * STABLE_MS;
    if (since !== now) signers.clear();
    since = now;
    const name = `${as.contentType}\n${as.disposition}`;
    const signer = signers.get(name) ?? signerOf(as, new Date(now));
    signers.set(name, signer);
    const path = pathname + keyPath(key);
    try {
      return `${origin}${path}?${(await signer)(path)}`;
    } catch (error) {
      // The next link looks for credentials again.
      if (signers.get(name) === signer) signers.delete(name);
      throw error;
    }
  };
};

/** @throws DependencyUnavailable */
const found = async (findCredentials: FindCredentials): Promise<SigningCredentials> => {
  const startedAt = performance.now();
  try {
    return await findCredentials();
  } catch (error) {
    throw storageFailure(error, performance.now() - startedAt);
  }
};

/** The SDK takes 15 MB of memory, so it is loaded only where it has to find the credentials. */
const sdkCredentials = async (access: S3Access): Promise<SigningCredentials> =>
  (await import('./s3Client.js')).s3Client(access, 0).config.credentials();

/** Ends with a slash. As the SDK does, a bucket of AWS is named in the host unless the certificate would not match. */
const bucketUrl = ({ endpoint, region, bucket }: S3Access): URL => {
  if (endpoint !== undefined) return new URL(`${endpoint}/${bucket}/`);
  const host = `s3.${region}.amazonaws.com`;
  return new URL(bucket.includes('.') ? `https://${host}/${bucket}/` : `https://${bucket}.${host}/`);
};
