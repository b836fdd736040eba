import type { Locale } from '@ums/contracts/locale';
import { isLink, type MailBrand, type MailContent, type RenderedMail } from './content.js';
import { mailHtml } from './mailHtml.js';

/**
 * Renders a mail as text and as HTML. The text has each link on a line of its own, and says what the HTML says.
 *
 * @param locale of the words.
 */
export const renderMail = (content: MailContent, locale: Locale, brand: MailBrand): RenderedMail => {
  const { appName, appUrl } = brand;
  const paragraphs = content.body.map((part) => (isLink(part) ? `${part.label}:\n${part.link}` : part));
  // "-- " begins a signature (RFC 3676 §4.3).
  const signature = ['-- ', appName, ...(appUrl === undefined ? [] : [appUrl])].join('\n');
  return {
    subject: content.subject,
    text: `${[...paragraphs, signature].join('\n\n')}\n`,
    html: mailHtml(content, locale, brand),
  };
};
