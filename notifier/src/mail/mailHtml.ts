import type { Locale } from '@ums/contracts/locale';
import { escapeHtml } from '@ums/kit/escapeHtml';
import { isLink, type MailBrand, type MailContent, type MailLink } from './content.js';

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
/** Clients that drop `<style>` show the inline styles: light, and of any width. */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:480px){.card{padding:24px 20px!important}.button{display:block!important}}
@media (prefers-color-scheme:dark){
body,.page{background:#16181c!important}
.card{background:#22252b!important}
.card,.card h1,.card p{color:#e6e8ec!important}
.small,.small a,.footer,.footer a{color:#a9b0bb!important}
.button{background:#8ab4f8!important;color:#10131a!important}
}`;
const COLUMN = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';

/**
 * A mail as HTML: one column of at most 560 pixels, in light and dark, without script. Layout and styles are those that mail
 * clients support: tables and inline styles. Everything is escaped, so that words become neither markup nor links (I-06).
 */
export const mailHtml = ({ subject, body }: MailContent, locale: Locale, brand: MailBrand): string => {
  const title = escapeHtml(subject);
  const preview = escapeHtml(body.slice(1).find(isWords) ?? '');
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${title}</title><style>${STYLE}</style></head>
<body style="margin:0;padding:0;background:#f2f4f7">
<div style="display:none;max-height:0;overflow:hidden">${preview}</div>
<table class="page" width="100%" ${COLUMN} style="background:#f2f4f7"><tr><td align="center" style="padding:32px 12px">
<table width="100%" ${COLUMN} style="max-width:560px">
<tr><td class="footer" style="padding:0 0 16px;${FONT};font-size:16px;font-weight:600;color:#5b6472">${header(brand)}</td></tr>
<tr><td class="card" style="padding:32px;background:#ffffff;border-radius:12px;color:#1d2430;${FONT};font-size:16px;line-height:1.5">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;color:#1d2430">${title}</h1>
${body.map((part) => (isLink(part) ? button(part) : paragraph(part))).join('\n')}
</td></tr>
<tr><td class="footer" style="padding:16px 0 0;${FONT};font-size:13px;line-height:1.5;color:#5b6472">${footer(brand)}</td></tr>
</table></td></tr></table>
</body></html>
`;
};

const isWords = (part: MailContent['body'][number]): part is string => !isLink(part);

const header = ({ appName, logoUrl }: MailBrand): string =>
  logoUrl === undefined
    ? escapeHtml(appName)
    : `<img src="${escapeHtml(logoUrl)}" alt="${escapeHtml(appName)}" height="40" style="display:block;height:40px;border:0">`;

const footer = ({ appName, appUrl }: MailBrand): string =>
  appUrl === undefined
    ? escapeHtml(appName)
    : `<a href="${escapeHtml(appUrl)}" style="color:#5b6472">${escapeHtml(appName)}</a>`;

const paragraph = (text: string): string => `<p style="margin:0 0 16px;color:#1d2430">${escapeHtml(text)}</p>`;

/** The address follows in words, for clients that do not show buttons and for users who check where a link leads. */
const button = ({ link, label }: MailLink): string => {
  const href = escapeHtml(link);
  return `<p style="margin:24px 0 12px"><a class="button" href="${href}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1a56b0;color:#ffffff;font-weight:600;text-align:center;text-decoration:none">${escapeHtml(label)}</a></p>
<p class="small" style="margin:0 0 24px;font-size:13px;color:#5b6472;word-break:break-all"><a href="${href}" style="color:#5b6472">${href}</a></p>`;
};
