import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Clock, systemClock } from '../clock.js';
import { type S3Access, s3Client } from './s3Client.js';

/** What the answer behind a link says, whatever is stored with the object. */
export interface LinkedAs {
  contentType: string;
  /** `Content-Disposition`, for example `inline; filename="picture.webp"`. */
  disposition: string;
}

/** Makes a link that opens an object without further proof. It asks no server, and does not check that the object exists. */
export type ObjectLink = (key: string, as: LinkedAs) => Promise<string>;

/** Links are the same for half of their lifetime, so that a browser finds the object in its cache. */
const LIFETIME_SECONDS = 300;
const STABLE_MS = (LIFETIME_SECONDS * 1_000) / 2;

/**
 * Links of S3 that expire in two and a half to five minutes. S3 sends no `X-Content-Type-Options`, except the embedded one, so
 * only content that this service has made itself should be linked.
 * @param access its endpoint is the one that browsers reach.
 */
export const presignedLinks = ({ bucket: Bucket, ...access }: S3Access, clock: Clock = systemClock): ObjectLink => {
  const client = s3Client(access, 0);
  return (Key, { contentType, disposition }) => {
    const get = new GetObjectCommand({
      Bucket,
      Key,
      ResponseContentType: contentType,
      ResponseContentDisposition: disposition,
    });
    const signingDate = new Date(Math.floor(clock.now().getTime() / STABLE_MS) * STABLE_MS);
    return getSignedUrl(client, get, { expiresIn: LIFETIME_SECONDS, signingDate });
  };
};

/** Links through a server that shows the bucket to everyone, such as a CDN. It sends what is stored with the object. */
export const publicLinks =
  (baseUrl: string): ObjectLink =>
  async (key) =>
    `${baseUrl}/${key.split('/').map(encodeURIComponent).join('/')}`;
