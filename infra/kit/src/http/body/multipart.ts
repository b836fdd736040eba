import type { Readable } from 'node:stream';
import type { Request } from 'express';
import { invalid } from '../../refused.js';
import { readParts } from './formParts.js';
import { formTexts } from './formTexts.js';

/** The one part of a form that is a file. */
export interface FilePart<T> {
  /** Name of its field. */
  name: string;
  /** Most bytes of the file. */
  maxBytes: number;
  /** Slug of the refusal of a form that is larger than the file and its text may be. */
  tooLarge: string;
  /**
   * Reads its content; called at most once for a form.
   * @param isNamed whether the part names a file: browsers send a file field that was left empty without one.
   * @returns `undefined` for no file. @throws what refuses the request
   */
  read(content: Readable, isNamed: boolean): Promise<T | undefined>;
  /** Frees what `read` returned, when the rest of the form is refused. */
  discard(file: T): Promise<void>;
}

/** A form: its text fields, and the file if it has one. */
export interface Form<T> {
  fields: Record<string, string>;
  file: T | undefined;
}

/**
 * Reads a body of multipart/form-data (RFC 7578) with text fields and at most one file. The first fault refuses it, while the
 * client may still be sending.
 *
 * @param signal ends the reading; its reason is thrown.
 * @throws Refused `body-unreadable`, `body-too-large`, `validation-failed`, `tooLarge`, and what `read` throws.
 */
export const readMultipart = async <T>(request: Request, file: FilePart<T>, signal?: AbortSignal): Promise<Form<T>> => {
  const texts = formTexts();
  let received: Promise<T | undefined> | undefined;
  const readFile = async (name: string, content: Readable, isNamed: boolean): Promise<void> => {
    if (name !== file.name) throw invalid('body', `must have no file but ${file.name}`);
    if (received !== undefined) throw invalid(name, 'must be given once');
    received = file.read(content, isNamed);
    await received;
  };
  const addText = (name: string, text: string): void => {
    if (name === file.name) throw invalid(name, 'must be a file, with a file name');
    texts.add(name, text);
  };
  try {
    await readParts(request, file, { readFile, addText, signal });
    return { fields: texts.all(), file: await received };
  } catch (error) {
    // It is paused after it was unpiped from the parser.
    request.resume();
    const read = await received?.catch(() => undefined);
    if (read !== undefined) await file.discard(read);
    throw error;
  }
};
