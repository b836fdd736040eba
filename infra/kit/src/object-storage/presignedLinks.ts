import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import { type Clock, systemClock } from '../clock.js';
import { keyPath, type LinkedAs, type ObjectLink } from './objectLinks.js';
import { type S3Access, s3Client } from './s3Client.js';
import { storageFailure } from './storageFailure.js';

/** Links are the same for half of their lifetime, so that a browser finds the object in its cache. */
const LIFETIME_SECONDS = 300;
const STABLE_MS = (LIFETIME_SECONDS * 1_000) / 2;
/** Links to keep, of at most 2 kB each, with the token of temporary credentials. */
const MAX_KEPT = 6_000;

/**
 * Links of S3 that expire in two and a half to five minutes. S3 sends no `X-Content-Type-Options`, except the embedded one, so
 * only content that this service has made itself should be linked.
 *
 * Signing takes about 60 µs, so links are kept as long as they stay the same. They work as long with temporary credentials:
 * the SDK replaces those five minutes before they expire.
 * @param access its endpoint is the one that browsers reach.
 */
export const presignedLinks = (access: S3Access, clock: Clock = systemClock): ObjectLink => {
  const sign = linkSigner(access);
  const kept = new Map<string, string>();
  let keptSince = 0;
  return async (key, as) => {
    const since = Math.floor(clock.now().getTime() / STABLE_MS) * STABLE_MS;
    if (since !== keptSince) {
      kept.clear();
      keptSince = since;
    }
    const name = `${key}\n${as.contentType}\n${as.disposition}`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    const link = await sign(key, as, new Date(since));
    if (since === keptSince) keep(kept, name, link);
    return link;
  };
};

/** Drops the oldest link when there are too many. */
const keep = (kept: Map<string, string>, name: string, link: string): void => {
  const [oldest] = kept.size < MAX_KEPT ? [] : kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(name, link);
};

/**
 * Signs links with the part of the SDK that does only this. `getSignedUrl` builds a whole request of the client first, which
 * takes eight times as long.
 */
const linkSigner = (access: S3Access): ((key: string, as: LinkedAs, signingDate: Date) => Promise<string>) => {
  const { credentials, sha256 } = s3Client(access, 0).config;
  const signer = new S3RequestPresigner({ credentials, sha256, region: access.region });
  const { origin, protocol, hostname, host, pathname } = bucketUrl(access);
  return async (key, { contentType, disposition }, signingDate) => {
    const path = pathname + keyPath(key);
    const query = { 'response-content-type': contentType, 'response-content-disposition': disposition };
    const request = { method: 'GET', protocol, hostname, path, query, headers: { host } };
    const startedAt = performance.now();
    const signed = await signer
      .presign(request, { expiresIn: LIFETIME_SECONDS, signingDate })
      .catch((error: unknown) => {
        throw storageFailure(error, performance.now() - startedAt);
      });
    return `${origin}${path}?${queryText(signed.query ?? {})}`;
  };
};

/** Ends with a slash. As the SDK does, a bucket of AWS is named in the host unless the certificate would not match. */
const bucketUrl = ({ endpoint, region, bucket }: S3Access): URL => {
  if (endpoint !== undefined) return new URL(`${endpoint}/${bucket}/`);
  const host = `s3.${region}.amazonaws.com`;
  return new URL(bucket.includes('.') ? `https://${host}/${bucket}/` : `https://${bucket}.${host}/`);
};

/** Not URLSearchParams, which writes a space as `+`: in signatures it is `%20`. */
const queryText = (query: object): string =>
  Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
