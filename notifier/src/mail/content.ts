import { escapeHtml } from '@ums/kit/escapeHtml';

/** What a mail says, before it is text or HTML. */
export interface MailContent {
  /** Fixed words only, nothing a user typed. */
  subject: string;
  /** Paragraphs. A link is a paragraph of its own. */
  body: readonly (string | { link: string })[];
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

/** Renders a mail as text and as HTML. Paragraphs are escaped, so that they become neither markup nor links (I-06). */
export const rendered = ({ subject, body }: MailContent, language: string): RenderedMail => {
  const text = body.map((part) => (typeof part === 'string' ? part : part.link));
  const html = body.map((part) => {
    if (typeof part === 'string') return `<p>${escapeHtml(part)}</p>`;
    const link = escapeHtml(part.link);
    return `<p><a href="${link}">${link}</a></p>`;
  });
  return {
    subject,
    text: `${text.join('\n\n')}\n`,
    html: [
      '<!doctype html>',
      `<html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body>`,
      ...html,
      '</body></html>',
      '',
    ].join('\n'),
  };
};
