/** What a mail says, before it is text or HTML. */
export interface MailContent {
  /** Fixed words only, nothing a user typed. */
  subject: string;
  /** Paragraphs. The first greets; a link is a paragraph of its own. */
  body: readonly (string | MailLink)[];
}

export interface MailLink {
  link: string;
  /** What opening the link leads to; the words of a button in HTML. */
  label: string;
}

/** The application, as every mail shows it. All of it comes from the configuration. */
export interface MailBrand {
  appName: string;
  /** Page of the application that mails link to at their end. */
  appUrl?: string | undefined;
  /** Picture shown in place of the name, 40 pixels high. It is the only thing in a mail that is loaded from elsewhere. */
  logoUrl?: string | undefined;
}

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export const isLink = (part: string | MailLink): part is MailLink => typeof part !== 'string';
