import { listen } from '@ums/kit/http/listen';
import awsSes from 'aws-ses-v2-local';
import mailStore from 'aws-ses-v2-local/dist/store.js';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { checkAction, checkSendEmail, refuse } from './checkSendEmail.js';

export interface Ses {
  port: number;
  /** The SES endpoint and, in a browser, the inbox. */
  url: string;
  close(): Promise<void>;
}

const MAX_REQUEST = '64kb';
const MAX_MAILS = 1_000;
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Starts a local SES on 127.0.0.1: v2 and v1 `SendEmail`, and an inbox of the mails sent (`/` as a page, `GET /store` as
 * JSON, oldest first). The newest thousand mails are kept in memory; a restart empties the inbox. The store belongs
 * to the process, so a second SES in the same process shares it.
 * @param port 0: the system chooses.
 * @throws StartRefused when the port is taken.
 */
export const startSes = async ({ port }: { port: number }): Promise<Ses> => {
  mailStore.clearStore();
  const server = await listen(restrictedSes(await sesHandler()), { host: '127.0.0.1', port });
  return { port: server.port, url: `http://127.0.0.1:${server.port}`, close: server.close };
};

/** The library only offers listening servers: takes the handler from one and closes it at once. */
const sesHandler = async (): Promise<Express> => {
  const server = await awsSes.default({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.close(resolve));
  const [ses] = server.listeners('request') as [Express];
  // An ETag would hash every answer, and no client asks for one.
  return ses.disable('etag').disable('x-powered-by');
};

/** Passes on the requests that the library handles correctly. Refuses those it would accept unchecked, not answer, or crash on. */
const restrictedSes = (ses: RequestHandler): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.use(allowLoopbackOnly);
  app.get(['/', '/health-check'], ses);
  app.get('/store', checkSince, ses);
  app.get('/get-emlContent', checkMessageId, ses);
  app.post('/clear-store', ses);
  app.use(express.json({ limit: MAX_REQUEST }), express.urlencoded({ extended: false, limit: MAX_REQUEST }));
  app.post('/v2/email/outbound-emails', checkSendEmail, dropOldestMails, ses);
  app.post('/', checkAction, dropOldestMails, ses);
  app.use((_request, response) => refuse(response, 'BadRequestException', 'This operation is not supported.'));
  app.use(refuseUnreadable);
  return app;
};

/** Mails contain tokens: no web page may read or empty the inbox through a visitor's browser (DNS rebinding, CSRF). */
const allowLoopbackOnly: RequestHandler = (request, response, next) => {
  const { host, origin } = request.headers;
  if (LOOPBACK.test(host ?? '') && (origin === undefined || origin === `http://${host}`)) next();
  else response.status(403).json({ message: 'The inbox accepts requests from this machine only.' });
};

/** Express's own error handler would print the parser's message, which quotes the mail. */
const refuseUnreadable: ErrorRequestHandler = (_error, _request, response, _next) =>
  refuse(response, 'BadRequestException', 'The request cannot be read.');

const checkSince: RequestHandler = ({ query: { since } }, response, next) => {
  if (since === undefined || (typeof since === 'string' && /^\d{1,15}$/.test(since))) next();
  else refuse(response, 'BadRequestException', 'since must be a time in seconds.');
};

const checkMessageId: RequestHandler = ({ query: { messageId } }, response, next) => {
  if (mailStore.getStoreReadonly().emails.some((mail) => mail.messageId === messageId)) next();
  else refuse(response, 'BadRequestException', 'Mail not found.');
};

/** Makes room for the mail of this request. */
const dropOldestMails: RequestHandler = (_request, _response, next) => {
  const { emails } = mailStore.getStoreReadonly();
  emails.splice(0, emails.length - MAX_MAILS + 1);
  next();
};
