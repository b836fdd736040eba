import type { ProblemPage } from '@ums/contracts/http/problemPages';
import type { RequestHandler } from 'express';
import { escapeHtml } from '../../escapeHtml.js';
import { Refused } from '../../refused.js';
import { acceptedType } from '../request/acceptedType.js';

/** Where the page of a problem is; `{slug}` as in the path of a route. */
export const PROBLEM_PATH = '/problems/{slug}';

const htmlOf = (slug: string, { status, description }: ProblemPage): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${escapeHtml(slug)}</title></head><body><main><h1>${escapeHtml(slug)}</h1>` +
  `<p>Status ${status}</p><p>${escapeHtml(description)}</p></main></body></html>\n`;

/**
 * Answers `/problems/:slug` with the page of a problem: HTML for browsers, JSON for all other clients.
 * @param publicUrl base of problem types
 */
export const problemPages = (pages: Readonly<Record<string, ProblemPage>>, publicUrl: string): RequestHandler => {
  const bySlug = new Map(Object.entries(pages));
  return (request, response) => {
    const slug = String(request.params.slug);
    const page = bySlug.get(slug);
    if (page === undefined) throw new Refused('not-found');
    response.vary('Accept');
    if (acceptedType(request, ['json', 'html']) === 'html') response.type('html').send(htmlOf(slug, page));
    else response.json({ type: `${publicUrl}/problems/${slug}`, ...page });
  };
};
