import { CONSISTENCY_HEADER, formatConsistencyToken } from '@ums/contracts/consistencyToken';
import type { ConfirmRequest } from '@ums/contracts/http/registration';
import { type Problems, recordRefusal, retryAfter } from '@ums/kit/http/problems';
import { contextOf } from '@ums/kit/http/requestContext';
import { Refused } from '@ums/kit/refused';
import type { Request, RequestHandler, Response } from 'express';
import { countRequest } from '../limits/limitRequests.js';
import type { RequestLimit } from '../limits/requestLimit.js';
import { confirm } from './confirm.js';
import { CONFIRM_PAGE_POLICY, confirmedPage, confirmPage } from './confirmPage.js';
import type { RegistrationDeps } from './registrationDeps.js';

const LONGEST_FIELD = 1_000;

/**
 * `POST /auth/confirm` from the page's form: the same use case, answered with a page. JSON bodies go to the controller.
 *
 * @param problems status and title of every refusal by slug; the page shows the title.
 */
export const confirmForm =
  (deps: RegistrationDeps & { requestLimit: RequestLimit }, problems: Problems): RequestHandler =>
  async (request, response, next) => {
    if (!request.is('application/x-www-form-urlencoded')) return next();
    try {
      await countRequest(deps.requestLimit, request, '/auth/confirm');
      const { position } = await confirm(deps, fieldsOf(request), contextOf(request));
      response.set(CONSISTENCY_HEADER, formatConsistencyToken({ logId: deps.logId, position }));
      sendPage(response, 200, confirmedPage());
    } catch (error) {
      const refusal = recordRefusal(error, request, deps.log);
      const problem = refusal && problems[refusal.slug];
      if (refusal === undefined || problem === undefined) return next(error);
      const [status, title] = problem;
      const retry = retryAfter(status, refusal.details);
      if (retry !== undefined) response.set('Retry-After', retry);
      sendPage(response, status, confirmPage(textOf(request, 'token'), title));
    }
  };

/** Sends a page under {@link CONFIRM_PAGE_POLICY}. */
export const sendPage = (response: Response, status: number, html: string): void => {
  response.status(status).set('Content-Security-Policy', CONFIRM_PAGE_POLICY).type('html').send(html);
};

const textOf = (request: Request, name: string): string => {
  const value: unknown = (request.body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' && value.length <= LONGEST_FIELD ? value : '';
};

const fieldsOf = (request: Request): ConfirmRequest => {
  const fields = { token: textOf(request, 'token'), password: textOf(request, 'password') };
  const faults = Object.entries(fields).filter(([, value]) => value === '');
  if (faults.length === 0) return fields;
  throw new Refused('validation-failed', { errors: faults.map(([field]) => ({ field, message: 'is not valid' })) });
};
