import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Router } from 'express';
import { StartRefused } from '../../startRefused.js';

/** Files of the documentation of messages. */
export interface MessageDocs {
  /** The AsyncAPI document. */
  document: string;
  /** An HTML page with one style element, made from the document. */
  page: string;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartRefused('The documentation of messages is missing; run `npm run build`.', { cause: error });
  }
};

/** Nothing but the page's own style is allowed. */
const policyOf = (page: string): string => {
  const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
};

/**
 * Serves the AsyncAPI document at `/asyncapi.json` and its page at `/asyncapi/`.
 * @param basePath path of the public URL, '' when it has none
 * @throws StartRefused when a file is missing
 */
export const messageDocs = (files: MessageDocs, basePath: string): Router => {
  const [document, page] = [read(files.document), read(files.page)];
  const policy = policyOf(page);
  // Each answer that waits to be sent would have a copy of a text.
  const [documentBytes, pageBytes] = [Buffer.from(document), Buffer.from(page)];
  const router = Router();
  router.get('/asyncapi.json', (_request, response) => {
    response.type('json').send(documentBytes);
  });
  // The links of the page are relative to the path with the slash.
  router.get('/asyncapi', (request, response) => {
    if (/^\/asyncapi\/(\?|$)/i.test(request.originalUrl))
      response.set('Content-Security-Policy', policy).type('html').send(pageBytes);
    else response.redirect(301, `${basePath}/asyncapi/`);
  });
  return router;
};
