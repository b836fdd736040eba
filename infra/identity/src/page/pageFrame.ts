import { createHash } from 'node:crypto';
import type { Locale } from '@ums/contracts/locale';
import { escapeHtml } from '@ums/kit/escapeHtml';
import type { Page } from '@ums/kit/http/problem/browserPages';

const STYLE =
  ':root{color-scheme:light dark}' +
  'body{font:1.0625rem/1.5 system-ui,sans-serif;margin:0;padding:max(1.5rem,10vh) 1.25rem 1.5rem;overflow-wrap:anywhere}' +
  'main{max-width:26rem;margin:0 auto}' +
  'h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem}' +
  '.app{margin:0 0 .25rem}.app,small{opacity:.8}' +
  '[role=alert]{border-left:.25rem solid #c62828;padding:.25rem 0 .25rem .75rem;font-weight:600}' +
  'label{display:block;font-weight:600}' +
  'input,button,.go{font:inherit;box-sizing:border-box;width:100%;min-height:2.75rem;padding:.5rem .75rem;border-radius:.375rem}' +
  'input{margin:.25rem 0 1rem;border:1px solid #767676}' +
  // With forced colours, only the border tells a button from text.
  'button,.go{display:block;border:2px solid transparent;background:#1a56b0;color:#fff;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}' +
  'summary{padding:.625rem 0;margin-top:.75rem;cursor:pointer}' +
  ':focus-visible{outline:.1875rem solid CanvasText;outline-offset:.125rem}' +
  '.unseen{position:absolute;width:1px;height:1px;min-height:0;padding:0;margin:0;border:0;clip-path:inset(50%)}';

/** Allows the page's one style and its form to this origin, and nothing else. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export interface PageContent {
  locale: Locale;
  heading: string;
  /** Prefix of the title, which screen readers read first. */
  titlePrefix?: string;
  /** HTML behind the heading. */
  content: string;
}

/** A page of the application: readable on a phone, in light and dark, without script. */
export const framedPage = (appName: string, { locale, heading, titlePrefix = '', content }: PageContent): Page => ({
  html:
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">` +
    '<meta name="viewport" content="width=device-width,initial-scale=1">' +
    `<title>${escapeHtml(`${titlePrefix}${heading} – ${appName}`)}</title><style>${STYLE}</style></head><body><main>` +
    `<p class="app">${escapeHtml(appName)}</p><h1>${escapeHtml(heading)}</h1>${content}</main></body></html>\n`,
  policy: POLICY,
});
