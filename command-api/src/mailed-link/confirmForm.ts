import type { FieldError } from '@ums/contracts/http/problem';
import type { ConfirmRequest } from '@ums/contracts/http/registration';
import { admit, type SourceBounds } from '@ums/identity/limits/limitRoutes';
import { requestLocale } from '@ums/identity/page/requestLocale';
import { type BrowserPages, sendPage, sendsForm } from '@ums/kit/http/problem/browserPages';
import { contextOf } from '@ums/kit/http/request/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request, RequestHandler } from 'express';
import { consistencyHeader } from '../change/consistencyHeader.js';
import type { ConfirmPages, SentFields } from './confirmPages.js';
import { followLink, purposeOf } from './followLink.js';
import { REPEATED_FIELD } from './linkPages.js';
import type { MailedLinkDeps } from './mailedLinkDeps.js';
import { linkPageOf } from './otherPasswordPage.js';

const LONGEST_FIELD = 1_000;

/** `POST /auth/confirm` from the page's form: the same use cases, answered with a page. JSON bodies go to the controller. */
export const confirmForm =
  (deps: MailedLinkDeps & SourceBounds): RequestHandler =>
  async (request, response, next) => {
    if (!sendsForm(request)) return next();
    await admit(deps, request, '/auth/confirm');
    const fields = fieldsOf(deps, request);
    const { position } = await followLink(deps, fields, contextOf(request), requestLocale(request));
    response.set(...consistencyHeader(deps, position));
    sendPage(response, 200, deps.confirmPages.done(fields.token, requestLocale(request)));
  };

/** The page for every problem of the page and its form, with the token of the link or the form in it. */
export const confirmProblemPage =
  (pages: ConfirmPages): BrowserPages[string] =>
  (problem, request) =>
    pages.failed(problem, sentWith(request), requestLocale(request));

const sentWith = ({ body, query }: Request): SentFields => ({
  token: textIn(body, 'token') || textIn(query, 'token'),
  choosesPassword: choosesPassword(body),
  name: textIn(body, 'name'),
});

const fieldIn = (fields: unknown, name: string): unknown =>
  (fields as Readonly<Record<string, unknown>> | undefined)?.[name];

/**
 * Which of the two forms behind the link of a registration was sent: each has a field that the other has not. A client may also send all
 * of them, and leave empty what it does not fill in.
 */
const choosesPassword = (fields: unknown): boolean => {
  const chosen = fieldIn(fields, 'newPassword');
  return chosen !== undefined && (chosen !== '' || textIn(fields, 'password') === '');
};

const textIn = (fields: unknown, name: string): string => {
  const value = fieldIn(fields, name);
  return typeof value === 'string' && value.length <= LONGEST_FIELD ? value : '';
};

const fieldsOf = (deps: MailedLinkDeps, { body }: Request): ConfirmRequest => {
  const token = textIn(body, 'token');
  const { asks, asksName = false } = linkPageOf(purposeOf(deps, token), choosesPassword(body));
  const asked = [...(asksName ? ['name'] : []), ...(asks === undefined ? [] : [asks])];
  const faults = ['token', ...asked].filter((field) => textIn(body, field) === '');
  if (faults.length > 0) throw invalid(faults.map((field) => ({ field, message: 'is not valid' })));
  // One of them may be pasted in another form of Unicode than the other was typed in; the password is stored in one form.
  if (asks === 'newPassword' && textIn(body, REPEATED_FIELD).normalize('NFC') !== textIn(body, asks).normalize('NFC'))
    throw invalid([{ field: REPEATED_FIELD, message: 'must be the same as newPassword' }]);
  return { token, ...Object.fromEntries(asked.map((field) => [field, textIn(body, field)])) };
};

const invalid = (errors: FieldError[]): Refused => new Refused('validation-failed', { errors });
