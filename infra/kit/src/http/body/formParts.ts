import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { invalid, Refused } from '../../refused.js';
import { askForBody } from './awaitedContinue.js';
import { countParts } from './countParts.js';
import { formBoundary } from './formBoundary.js';
import { unreadableForm } from './formFaults.js';
import { MAX_TEXT_BYTES } from './formTexts.js';
import { partText } from './partText.js';

/** Of boundaries and headers of parts. */
const MAX_FRAME_BYTES = 64 * 1024;
const LIMITS = { parts: 20, headerPairs: 10, fieldSize: MAX_TEXT_BYTES };

/** As browsers name a field that was left empty, and a `Blob`, such as the empty one that Swagger UI sends for such a field. */
const UNNAMED_FILES: ReadonlySet<string | undefined> = new Set([undefined, '', 'blob']);

/** What to do with the parts of a form. */
export interface PartHandlers {
  readFile(name: string, content: Readable, isNamed: boolean): Promise<void>;
  /** @throws Refused */
  addText(name: string, text: string): void;
  /** Ends the reading; its reason is the fault. */
  signal: AbortSignal | undefined;
}

/**
 * Reads each part of a form in turn. Rejects at the first fault, once no part is being read any more.
 *
 * @param limit most bytes of the file, and the slug of the refusal of a larger body.
 */
export const readParts = (
  request: Request,
  limit: { maxBytes: number; tooLarge: string },
  { readFile, addText, signal }: PartHandlers,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const boundary = formBoundary(request.headers['content-type'] ?? '');
    if (boundary === undefined) return reject(unreadableForm('must have one boundary of at most 70 characters'));
    const parser = parserOf(boundary);
    const sent = countParts(boundary);
    let received = 0;
    const reading = new Map<Readable, Promise<void>>();
    let failure: unknown;
    const fail = (error: unknown): void => {
      failure ??= error;
      request.unpipe(parser);
      for (const content of reading.keys()) content.destroy();
      void Promise.allSettled(reading.values()).then(() => reject(failure));
    };
    const incomplete = unreadableForm('must be a complete form');
    parser.on('file', (name: string | undefined, content, { filename }) => {
      received += 1;
      // The parser goes on with the bytes it has. This part would never end.
      if (failure !== undefined) return void content.on('error', () => undefined).destroy();
      // The parser reports a form that ends early to the part that it was in.
      content.on('error', () => fail(incomplete));
      const read = name === undefined ? Promise.reject(UNNAMED) : readFile(name, content, !UNNAMED_FILES.has(filename));
      reading.set(content, read);
      read.catch(fail);
    });
    parser.on('field', (name: string | undefined, text: unknown, { valueTruncated, encoding, mimeType }) => {
      received += 1;
      try {
        if (name === undefined) throw UNNAMED;
        if (valueTruncated) throw new Refused('body-too-large');
        // The parser does not decode base64 or quoted-printable, which RFC 7578 §4.7 forbids here.
        if (!AS_IT_IS.test(encoding)) throw unreadableForm('must have no transfer encoding');
        // The parser puts U+FFFD in place of what it cannot decode, and that would change a password.
        const isUtf8 = typeof text === 'string' && !text.includes('\ufffd');
        // First: bytes of a file whose part has no file name are no text either, and it is the missing name that must be told.
        const value = isUtf8 ? partText(text, mimeType) : '';
        if (value === null) return;
        addText(name, value ?? '');
        if (!isUtf8) throw unreadableForm('must be UTF-8');
        if (value === undefined) throw invalid(name, 'must be a string');
      } catch (error) {
        fail(error);
      }
    });
    parser.on('partsLimit', () => fail(new Refused('body-too-large')));
    parser.on('error', () => fail(incomplete));
    parser.on('close', () => {
      if (received < sent.count()) fail(UNNAMED);
      else Promise.all(reading.values()).then(() => resolve(), fail);
    });
    // Also of a form that arrived as a whole: what is not read yet is gone with the connection.
    const onClose = (): void => void (request.readableEnded || fail(incomplete));
    // A client that left before says nothing more.
    if (request.destroyed) return onClose();
    request.once('close', onClose);
    request.on('data', sent.add);
    limitBytes(request, limit.maxBytes + MAX_TEXT_BYTES + MAX_FRAME_BYTES, () => fail(new Refused(limit.tooLarge)));
    const onAbort = (): void => fail(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    if (failure !== undefined) return;
    askForBody(request);
    request.pipe(parser);
  });

/** What a part may say of its transfer encoding: that there is none. */
const AS_IT_IS = /^(?:7bit|8bit|binary)$/i;

const UNNAMED = invalid('body', 'must name each of its parts, and have nothing behind its delimiters');

/** The boundary goes in quotes, without which the parser refuses some of those that clients send. */
const parserOf = (boundary: string) =>
  busboy({ headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` }, limits: LIMITS });

/** Counts all bytes: those before, between and after the parts too, which no limit of the parser counts. */
const limitBytes = (request: Request, most: number, onExceeded: () => void): void => {
  if (Number(request.headers['content-length'] ?? 0) > most) {
    onExceeded();
    return;
  }
  let count = 0;
  const add = (chunk: Buffer): void => {
    count += chunk.length;
    if (count <= most) return;
    request.off('data', add);
    onExceeded();
  };
  request.on('data', add);
};
