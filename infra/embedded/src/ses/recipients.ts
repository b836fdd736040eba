/** One address as SES takes it: dot-atom local part (RFC 5321 §4.1.2) in ASCII, domain in ASCII; no quoted local parts. */
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@${LABEL}(?:\\.${LABEL})+$`);
const NAMED = /^[^<>\r\n]*<([^<>]*)>$/;

const LONGEST = 320;
/** Of To, Cc and Bcc together, as SES allows. */
const MOST_RECIPIENTS = 50;

/** Whether SES would take it as a sender or a recipient; `Name <address>` is allowed. */
export const isAddress = (text: unknown): boolean =>
  typeof text === 'string' && text.length <= LONGEST && ADDRESS.test(NAMED.exec(text)?.[1] ?? text);

/** Why SES would refuse this sender and these recipients; undefined when it would not. Never quotes an address. */
export const addressFault = (sender: unknown, recipients: readonly unknown[]): string | undefined => {
  if (!isAddress(sender)) return 'The sender is not an e-mail address.';
  if (recipients.length === 0) return 'There is no recipient.';
  if (recipients.length > MOST_RECIPIENTS) return `There are more than ${MOST_RECIPIENTS} recipients.`;
  return recipients.every(isAddress) ? undefined : 'A recipient is not an e-mail address.';
};
