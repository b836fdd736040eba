import { type Reader, reader } from '@ums/kit/env';
import { InvalidSetting } from '@ums/kit/invalidSetting';

const MAX_CODE_POINTS = 60;
/** Control, invisible and unassigned characters, and all white space but blanks. */
const UNPRINTABLE = /\p{C}|(?! )\p{Z}/u;

/** `APP_NAME`: the name of the application in pages and mails, one line of at most 60 characters. */
export const appName = (): Reader<string> =>
  reader((value) => {
    if (UNPRINTABLE.test(value) || [...value].length > MAX_CODE_POINTS)
      throw new InvalidSetting(`must be one line of at most ${MAX_CODE_POINTS} printable characters`);
    return value;
  }, 'User management');
