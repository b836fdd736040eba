import type { AuditEventPage } from '@ums/contracts/http/auditEvents';
import { othersFirst } from '@ums/kit/http/connection/othersFirst';
import { sendChunks } from '@ums/kit/http/connection/sendChunks';
import type { Response } from 'express';
import type { EventFormat } from './eventFormats.js';

/** Reads a page. @param after `next` of the page before; `undefined` for the first */
export type ReadPage = (after: string | undefined) => Promise<AuditEventPage>;

/**
 * Sends all events of a range, page by page. The first page is read before anything is sent, so that a failure is still
 * answered as a problem.
 *
 * @throws what `readPage` throws
 */
export const streamEvents = async (response: Response, format: EventFormat, readPage: ReadPage): Promise<void> => {
  const first = await readPage(undefined);
  response.status(200).set('Content-Type', format.contentType);
  if (format.file !== undefined) response.attachment(format.file).set('Content-Type', format.contentType);
  response.flushHeaders();
  await sendChunks(response, chunksOf(first, format, readPage));
};

async function* chunksOf(first: AuditEventPage, { head, line }: EventFormat, readPage: ReadPage) {
  if (head !== '') yield head;
  for (let page = first; ; page = await readPage(page.next)) {
    const chunk = page.items.map(line).join('');
    if (chunk !== '') yield chunk;
    if (page.next === null) return;
    await othersFirst();
  }
}
