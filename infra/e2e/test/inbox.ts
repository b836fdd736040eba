import { until } from '../../kit/test/until.js';

/** One mail as `GET /store` of the inbox shows it. */
export interface Mail {
  messageId: string;
  subject: string;
  destination: { to: string[] };
  headers: { name: string; value: string }[];
  body: { text: string; html: string };
}

/** All mails in the inbox, oldest first. */
export const allMails = async (inbox: string): Promise<Mail[]> =>
  ((await (await fetch(`${inbox}/store`)).json()) as { emails: Mail[] }).emails;

export const mailsTo = async (inbox: string, address: string): Promise<Mail[]> =>
  (await allMails(inbox)).filter(({ destination }) => destination.to.includes(address));

/** Waits for the n-th mail to an address, counted from 1. */
export const nthMail = async (inbox: string, address: string, n: number): Promise<Mail> => {
  let mail: Mail | undefined;
  await until(async () => {
    mail = (await mailsTo(inbox, address))[n - 1];
    return mail !== undefined;
  });
  return mail as Mail;
};

const LINK = /^(\S+\/auth\/confirm)\?token=(\S+)$/m;

/** The confirmation link of a mail and the token in it. @throws Error when no line of the mail is such a link */
export const linkOf = ({ body }: Mail): { url: string; token: string } => {
  const [, url, token] = LINK.exec(body.text) ?? [];
  if (url === undefined || token === undefined) throw new Error('the mail has no link on a line of its own');
  return { url, token: decodeURIComponent(token) };
};
