import { optional, type Reader, text } from '../env.js';
import { baseUrl } from '../webAddress.js';
import { type ObjectLink, publicLinks } from './objectLinks.js';
import { type ObjectStorageSettings, objectStorageSettings, s3Access } from './objectStorageSettings.js';
import { presignedLinks } from './presignedLinks.js';

/** '' if it is not set, and not needed because `PICTURES_URL` is. */
const bucket: Reader<string> = {
  read: (name, env) => (env.PICTURES_URL?.trim() ? text('') : text()).read(name, env),
};

/** The variables of a process that links to objects. With `PICTURES_URL` it needs none of S3. */
export const objectLinkSettings = () => ({
  ...objectStorageSettings(),
  S3_BUCKET: bucket,
  /** Where browsers reach the object storage. @default S3_ENDPOINT */
  S3_PUBLIC_ENDPOINT: optional(baseUrl()),
  /** A server that shows the bucket without authentication, such as a CDN. */
  PICTURES_URL: optional(baseUrl()),
});

export interface ObjectLinkSettings extends ObjectStorageSettings {
  S3_PUBLIC_ENDPOINT: string | undefined;
  PICTURES_URL: string | undefined;
}

/**
 * Links to objects in the way that the settings say.
 * @throws ConfigFault when one half of the credentials is missing.
 */
export const objectLinks = (settings: ObjectLinkSettings): ObjectLink => {
  const { PICTURES_URL, S3_PUBLIC_ENDPOINT, S3_ENDPOINT } = settings;
  if (PICTURES_URL !== undefined) return publicLinks(PICTURES_URL);
  return presignedLinks(s3Access({ ...settings, S3_ENDPOINT: S3_PUBLIC_ENDPOINT ?? S3_ENDPOINT }));
};
