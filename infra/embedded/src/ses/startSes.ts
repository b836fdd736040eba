import { listen } from '@ums/kit/http/listen';
import awsSes from 'aws-ses-v2-local';
import mailStore from 'aws-ses-v2-local/dist/store.js';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { checkAction, checkSendEmail, refuse } from './checkSendEmail.js';

export interface Ses {
  port: number;
  /** SES's end point and, in a browser, the inbox. */
  url: string;
  close(): Promise<void>;
}

const LARGEST_REQUEST = '64kb';
const KEPT_MAILS = 10_000;
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Starts a local SES on 127.0.0.1: v2 and v1 `SendEmail`, and the inbox of what was sent (`/` for people, `GET /store` as
 * JSON, oldest first). Mails are held in memory, the newest ten thousand, once a process; a restart empties the inbox.
 * @param port 0: the system chooses.
 * @throws StartRefused when the port is taken.
 */
export async function startSes({ port }: { port: number }): Promise<Ses> {
  mailStore.clearStore();
  const server = await listen(strictSes(await sesHandler()), { host: '127.0.0.1', port });
  return { port: server.port, url: `http://127.0.0.1:${server.port}`, close: server.close };
}

/** The library only makes servers that listen: its handler is taken out of one that is closed at once. */
const sesHandler = async (): Promise<RequestHandler> => {
  const server = await awsSes.default({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.close(resolve));
  return (request, response) => void server.emit('request', request, response);
};

/** Lets through what the library serves well. What it would accept blindly, leave unanswered or end the process by is refused. */
const strictSes = (ses: RequestHandler): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.use(fromThisMachine);
  app.get(['/', '/health-check'], ses);
  app.get('/store', refuseOddTime, ses);
  app.get('/get-emlContent', refuseUnknownMail, ses);
  app.post('/clear-store', ses);
  app.use(express.json({ limit: LARGEST_REQUEST }), express.urlencoded({ extended: false, limit: LARGEST_REQUEST }));
  app.post('/v2/email/outbound-emails', checkSendEmail, dropOldest, ses);
  app.post('/', checkAction, dropOldest, ses);
  app.use((_request, response) => refuse(response, 'BadRequestException', 'This operation is not served here.'));
  app.use(refuseUnreadable);
  return app;
};

/** The inbox holds the tokens of its mails: no web page may read or empty it through a visitor's browser (DNS rebinding, CSRF). */
const fromThisMachine: RequestHandler = (request, response, next) => {
  const { host, origin } = request.headers;
  if (LOOPBACK.test(host ?? '') && (origin === undefined || origin === `http://${host}`)) next();
  else response.status(403).json({ message: 'The inbox serves its own machine only.' });
};

/** Express's own handler would print the parser's message, which quotes the mail. */
const refuseUnreadable: ErrorRequestHandler = (_error, _request, response, _next) =>
  refuse(response, 'BadRequestException', 'The request cannot be read.');

const refuseOddTime: RequestHandler = ({ query: { since } }, response, next) => {
  if (since === undefined || (typeof since === 'string' && /^\d{1,15}$/.test(since))) next();
  else refuse(response, 'BadRequestException', 'since is no time in seconds.');
};

const refuseUnknownMail: RequestHandler = ({ query: { messageId } }, response, next) => {
  if (mailStore.getStoreReadonly().emails.some((mail) => mail.messageId === messageId)) next();
  else refuse(response, 'BadRequestException', 'There is no such mail.');
};

/** Makes room for the mail that comes. */
const dropOldest: RequestHandler = (_request, _response, next) => {
  const { emails } = mailStore.getStoreReadonly();
  emails.splice(0, emails.length - KEPT_MAILS + 1);
  next();
};
