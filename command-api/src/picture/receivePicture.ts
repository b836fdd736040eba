import { readMultipart } from '@ums/kit/http/multipart';
import type { Request, RequestHandler } from 'express';
import { type PictureUpload, readPicture } from './pictureUpload.js';

const uploads = new WeakMap<Request, PictureUpload>();

/** The file `picture` of a request; `undefined` if it has none. */
export const pictureOf = (request: Request): PictureUpload | undefined => uploads.get(request);

/**
 * Reads a multipart body: its text becomes the body of the request, as if it had come as JSON, and the file is kept for
 * {@link pictureOf} until the response is closed.
 *
 * @param allow runs before the body is read, and throws for clients that may not send a file.
 */
export const receivePicture =
  (allow?: (request: Request) => Promise<unknown>): RequestHandler =>
  async (request, response, next) => {
    if (!request.is('multipart/form-data')) return next();
    await allow?.(request);
    const { fields, file } = await readMultipart(request, PICTURE);
    request.body = fields;
    if (file !== undefined) {
      uploads.set(request, file);
      if (response.closed) await file.close();
      response.once('close', () => void file.close());
    }
    next();
  };

const PICTURE = { name: 'picture', read: readPicture, discard: (upload: PictureUpload) => upload.close() };
