import { encodeUri } from './linkSigner.js';

/** What the answer behind a link says, whatever is stored with the object. */
export interface LinkedAs {
  contentType: string;
  /** `Content-Disposition`, for example `inline; filename="picture.webp"`. */
  disposition: string;
}

/**
 * Makes a link that opens an object without further proof. It asks no server, and does not check that the object exists.
 * @throws DependencyUnavailable when no credentials to sign with can be found.
 */
export type ObjectLink = (key: string, as: LinkedAs) => Promise<string>;

/** A key as part of the path of a URL. */
export const keyPath = (key: string): string => key.split('/').map(encodeUri).join('/');

/** Links through a server that shows the bucket without authentication, such as a CDN. It sends what is stored with the object. */
export const publicLinks =
  (baseUrl: string): ObjectLink =>
  async (key) =>
    `${baseUrl}/${keyPath(key)}`;
