import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { Router } from 'express';
import { StartRefused } from '../../startRefused.js';
import { API_DOCS_INITIALIZER } from './apiDocsInitializer.js';

/** Swagger UI needs inline styles and icons from data URLs. Scripts load from this origin only. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The files that the page loads. The package contains others, which are not served. */
const SERVED = /^\/(?:(?:swagger-ui|index)\.css|swagger-ui-(?:bundle|standalone-preset)\.js|favicon-\d\dx\d\d\.png)?$/;

const assets = (): string => dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const readDocument = (path: string): { servers?: { url: string }[] } => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new StartRefused('The OpenAPI document is missing or damaged; run `npm run build`.', { cause: error });
  }
};

/**
 * Serves the OpenAPI document at `/openapi.json` and Swagger UI at `/apidocs/`.
 * @param basePath path of the public URL, '' when it has none; precedes the URLs of the servers in the document
 * @throws StartRefused when the document has not been built
 */
export const apiDocs = (documentPath: string, basePath: string): Router => {
  const built = readDocument(documentPath);
  const servers = built.servers?.map((server) => ({ ...server, url: basePath + server.url }));
  // Each answer that waits to be sent would have a copy of a text.
  const document = Buffer.from(JSON.stringify({ ...built, servers }, null, 2));
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.type('json').send(document);
  });
  // The redirect of express.static would have a different Content-Security-Policy.
  router.get('/apidocs', (request, response, next) => {
    if (/^\/apidocs\/(\?|$)/i.test(request.originalUrl)) next();
    else response.redirect(301, `${basePath}/apidocs/`);
  });
  router.use('/apidocs', (_request, response, next) => {
    response.set('Content-Security-Policy', POLICY);
    next();
  });
  router.get('/apidocs/swagger-initializer.js', (_request, response) => {
    response.type('text/javascript').send(API_DOCS_INITIALIZER);
  });
  const files = express.static(assets(), { index: 'index.html' });
  router.use('/apidocs', (request, response, next) => {
    if (!SERVED.test(request.path)) return next();
    files(request, response, (error?: { status?: number }) => {
      // A failed precondition, or a range that the file does not have. The headers that go with it are set.
      if (error?.status === 412 || error?.status === 416) response.status(error.status).end();
      else next(error);
    });
  });
  return router;
};
