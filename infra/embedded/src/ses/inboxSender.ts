const ADDRESS = 'no-reply@localhost.localdomain';
/** A name of these characters needs no quotes in the header of a mail. */
const PLAIN = /^[A-Za-z0-9 ]+$/;
/** What no setting takes: the services refuse such an `APP_NAME`, and the fault must not be told of `MAIL_FROM` as well. */
const UNPRINTABLE = /\p{C}|(?! )\p{Z}/gu;

/**
 * The sender of mails to the inbox: `name <address>`, the name quoted where it has signs (RFC 5322 §3.2.4) or letters that
 * are not ASCII, which the notifier encodes.
 *
 * @param appName `APP_NAME` as it was set.
 */
export const inboxSender = (appName: string | undefined): string => {
  const name = appName?.trim().replace(UNPRINTABLE, ' ') || 'User service';
  const shown = PLAIN.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
  return `${shown} <${ADDRESS}>`;
};
