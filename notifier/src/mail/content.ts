import { escapeHtml } from '@ums/kit/escapeHtml';

/** What a mail says, before it is text or HTML. */
export interface MailContent {
  /** Fixed words of ours: nothing a person typed. */
  subject: string;
  /** Paragraphs; a link stands alone. */
  body: readonly (string | { link: string })[];
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

/** One content, two forms. Whatever a paragraph holds is text: it becomes neither markup nor a link (I-06). */
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
