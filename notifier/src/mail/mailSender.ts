import { canonicalAddress } from '@ums/contracts/address';
import { type Reader, reader } from '@ums/kit/env';
import { InvalidSetting } from '@ums/kit/invalidSetting';

/** Control, invisible and unassigned characters, and all white space but blanks. */
const UNPRINTABLE = /\p{C}|(?! )\p{Z}/u;
const QUOTED_NAME = /^"(?:[^"\\]|\\.)*"$/;
/** What ends or divides a name, or an address, unless the name is quoted (RFC 5322 §3.2.3). */
const SPECIAL = /[()<>[\]:;@\\,"]/;
const ASCII = /^[!-~]+$/;

/**
 * The sender of all mail, as it was written. One of another form is refused at the start, because SES refuses each mail with
 * it, and a mail that SES refuses for its content is not sent again (F-25).
 */
export const mailSender = (): Reader<string> =>
  reader((value) => {
    if (!isSender(value))
      throw new InvalidSetting(
        'must be `address` or `name <address>`, the address in ASCII, a name with a comma or another such sign in double quotes',
      );
    return value;
  }, undefined);

const isSender = (text: string): boolean => {
  if (UNPRINTABLE.test(text)) return false;
  const start = text.lastIndexOf('<');
  if (start === -1) return isAddress(text);
  return text.endsWith('>') && isName(text.slice(0, start).trim()) && isAddress(text.slice(start + 1, -1));
};

const isName = (text: string): boolean => QUOTED_NAME.test(text) || !SPECIAL.test(text);

const isAddress = (text: string): boolean => ASCII.test(text) && canonicalAddress(text) !== undefined;
