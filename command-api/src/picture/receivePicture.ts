import { readMultipart } from '@ums/kit/http/body/multipart';
import { UNCOMPRESSED } from '@ums/kit/http/problem/refusalOf';
import type { Log } from '@ums/kit/log';
import { Refused } from '@ums/kit/refused';
import type { Request, RequestHandler } from 'express';
import { MAX_PICTURE_BYTES, type PictureUpload, readPicture } from './pictureUpload.js';
import type { UploadSlots } from './uploadSlots.js';
import { whenOver } from './whenOver.js';

const uploads = new WeakMap<Request, PictureUpload>();

/** The file `picture` of a request; `undefined` if it has none. */
export const pictureOf = (request: Request): PictureUpload | undefined => uploads.get(request);

/**
 * Reads a multipart body: its text becomes the body of the request, as if it had come as JSON, and the file is kept for
 * {@link pictureOf} until the request is answered, or its client has left.
 *
 * @param slots bound the uploads at once
 * @param senderOf runs before the body is read, and throws for clients that may not send a file. @returns who takes the slot.
 */
export const receivePicture =
  (log: Log, slots: UploadSlots, senderOf: (request: Request) => string | Promise<string>): RequestHandler =>
  async (request, response, next) => {
    const onFailed = (error: unknown): void => log.warn('upload not closed', { error });
    if (!request.is('multipart/form-data')) return next();
    if ((request.get('content-encoding') ?? 'identity') !== 'identity')
      throw new Refused('media-type-unsupported', { headers: UNCOMPRESSED });
    const slot = slots.take(await senderOf(request));
    whenOver(response, async () => slot.free(), onFailed);
    const { fields, file } = await readMultipart(request, PICTURE, slot.lost);
    slot.keep();
    request.body = fields;
    if (file !== undefined) {
      uploads.set(request, file);
      whenOver(response, file.close, onFailed);
    }
    next();
  };

const PICTURE = {
  ...{ name: 'picture', maxBytes: MAX_PICTURE_BYTES, tooLarge: 'picture-too-large' },
  read: readPicture,
  discard: (upload: PictureUpload) => upload.close(),
};
