import { isUtf8 } from 'node:buffer';
import { type Readable, Writable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { Request } from 'express';
import { Refused } from '../refused.js';
import { findBodyFault } from './findBodyFault.js';

/** The one part of a form that is a file. */
export interface FilePart<T> {
  /** Name of its field. */
  name: string;
  /** Reads its content; called at most once for a form. @throws what refuses the request */
  read(content: Readable): Promise<T>;
  /** Frees what `read` returned, when the rest of the form is refused. */
  discard(file: T): Promise<void>;
}

/** A form: its text fields, and the file if it has one. */
export interface Form<T> {
  fields: Record<string, string>;
  file: T | undefined;
}

const MAX_PARTS = 20;
const MAX_TEXT_BYTES = 64 * 1024;
const LIMITS = { parts: MAX_PARTS, headerPairs: 10, headerSize: 4_096 };
/** A client that is refused while it sends may send this much more, so that it reads the answer. */
/** The parser does not report the end of some malformed forms. */
const END_TIMEOUT_MS = 5_000;
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;

const unreadable = (message: string): Refused =>
  new Refused('body-unreadable', { errors: [{ field: 'body', message }] });
const invalid = (field: string, message: string): Refused =>
  new Refused('validation-failed', { errors: [{ field, message }] });

/**
 * Reads a body of multipart/form-data (RFC 7578) with text fields and at most one file. The first fault refuses it, while the
 * client may still be sending.
 *
 * @throws Refused `body-unreadable`, `body-too-large`, `validation-failed`, and what `read` throws.
 */
export const readMultipart = async <T>(request: Request, file: FilePart<T>): Promise<Form<T>> => {
  const texts = textFields();
  const files: T[] = [];
  let hasFile = false;
  const readPart = async (name: string | undefined, content: Readable): Promise<void> => {
    if (name === undefined) throw invalid('body', 'must name each of its parts');
    if (name !== file.name) return texts.read(name, content);
    if (hasFile) throw invalid(name, 'must be given once');
    hasFile = true;
    files.push(await file.read(content));
  };
  try {
    await parse(request, readPart);
    return { fields: texts.all(), file: files[0] };
  } catch (error) {
    discardRest(request);
    for (const each of files) await file.discard(each);
    throw error;
  }
};

/** Reads each part in turn. Rejects once no part is being read any more. */
const parse = (request: Request, readPart: (name: string | undefined, content: Readable) => Promise<void>) =>
  new Promise<void>((resolve, reject) => {
    const incomplete = unreadable('must be a complete form');
    const parts: { content: Readable; read: Promise<void> }[] = [];
    let failure: unknown;
    const fail = async (error: unknown): Promise<void> => {
      failure ??= error;
      request.unpipe();
      for (const { content } of parts) content.destroy();
      await Promise.allSettled(parts.map(({ read }) => read));
      reject(failure);
    };
    const parser = parserOf(request);
    if (parser === undefined) return void fail(unreadable('must have a boundary'));
    parser.on('file', (name, content) => {
      // The parser reports a form that ends early to the part that it was in.
      content.on('error', () => fail(incomplete));
      const read = readPart(name, content);
      parts.push({ content, read });
      read.catch(fail);
    });
    parser.on('partsLimit', () => fail(new Refused('body-too-large')));
    parser.on('error', () => fail(incomplete));
    parser.on('finish', () =>
      Promise.all(parts.map(({ read }) => read)).then(
        () => resolve(),
        () => undefined,
      ),
    );
    request.once('close', () => request.complete || fail(incomplete));
    let timer: NodeJS.Timeout | undefined;
    request.once('end', () => {
      timer = setTimeout(() => fail(incomplete), END_TIMEOUT_MS);
    });
    parser.on('finish', () => clearTimeout(timer));
    request.pipe(guarded(parser, () => void fail(incomplete)));
  });

/** The parser throws on a header whose name every object has, such as `constructor`. In a stream, that would end the process. */
const guarded = (parser: Writable, onThrow: () => void): Writable => {
  const attempt = (work: () => void, done: () => void): void => {
    try {
      work();
    } catch {
      onThrow();
      done();
    }
  };
  return new Writable({
    write: (chunk, _encoding, done) => attempt(() => parser.write(chunk, () => done()), done),
    final: (done) =>
      attempt(() => {
        parser.end();
        done();
      }, done),
  });
};

/** Every part is read as a file: the parser would decode text without checking it. */
const parserOf = (request: Request) => {
  try {
    return new Busboy({ headers: request.headers as BusboyHeaders, limits: LIMITS, isPartAFile: () => true });
  } catch {
    return undefined;
  }
};

const textFields = () => {
  const entries: [string, string][] = [];
  let size = 0;
  return {
    read: async (name: string, content: Readable): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of content.iterator({ destroyOnReturn: false })) {
        size += chunk.length;
        if (size > MAX_TEXT_BYTES) throw new Refused('body-too-large');
        chunks.push(chunk);
      }
      const bytes = Buffer.concat(chunks);
      if (!isUtf8(bytes)) throw unreadable('must be UTF-8');
      if (entries.some(([other]) => other === name)) throw invalid('body', 'must not have a field twice');
      entries.push([name, bytes.toString('utf8')]);
    },
    /** @throws Refused `validation-failed` for text that cannot be stored. */
    all: (): Record<string, string> => {
      const fields = Object.fromEntries(entries);
      const fault = findBodyFault(fields);
      if (fault !== undefined) throw new Refused('validation-failed', { errors: [fault] });
      return fields;
    },
  };
};

/** Lets a client that is still sending read the answer, and closes the connection of one that does not end. */
const discardRest = (request: Request): void => {
  let discarded = 0;
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > MAX_DISCARDED_BYTES) request.destroy();
  });
};
