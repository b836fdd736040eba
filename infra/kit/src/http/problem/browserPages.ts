import type { FieldError } from '@ums/contracts/http/problem';
import type { Request, Response } from 'express';
import { acceptedType } from '../request/acceptedType.js';
import { pathPattern } from '../request/routeTable.js';

/** An HTML page, with the content security policy that allows its style and form. */
export interface Page {
  html: string;
  policy: string;
}

/** What a page says about a problem. */
export interface PageProblem {
  slug: string;
  status: number;
  /** Without a final period. */
  title: string;
  errors: readonly FieldError[];
  /** Value of `Retry-After`, in seconds. */
  retryAfter: number | undefined;
  requestId: string;
}

/** The pages that tell browsers about problems, by path below the prefix of the API. Other clients get problem+json. */
export type BrowserPages = Readonly<Record<string, (problem: PageProblem, request: Request) => Page>>;

const FORM = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const JSON_BODY = /^application\/json\s*(?:;|$)/i;
/** In order of preference: a client that accepts everything alike gets JSON. */
const OFFERED = ['application/problem+json', 'application/json', 'text/html'];

/** Whether the body is the form of a browser, empty or not. */
export const sendsForm = (request: Request): boolean => FORM.test(request.get('content-type') ?? '');

/** Whether the client shows pages: it sent a form, or it prefers HTML to JSON and did not send JSON. */
export const showsPages = (request: Request): boolean =>
  sendsForm(request) ||
  (!JSON_BODY.test(request.get('content-type') ?? '') && acceptedType(request, OFFERED) === 'text/html');

/** Finds the page for a request that failed; `undefined` if the client gets problem+json. */
export const browserPageFinder = (prefix: string, pages: BrowserPages) => {
  const known = Object.entries(pages).map(([path, page]) => ({ matches: pathPattern(prefix + path), page }));
  return (request: Request) =>
    showsPages(request) ? known.find(({ matches }) => matches.test(request.path))?.page : undefined;
};

export const sendPage = (response: Response, status: number, { html, policy }: Page): void => {
  response.status(status).set('Content-Security-Policy', policy).type('html').send(html);
};
