import type { Templates } from './templates.js';

/** To the minute, in the one time zone that needs no knowledge of the reader's. */
const minute = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const en: Templates = {
  confirmation: ({ name, link, expires }) => ({
    subject: 'Confirm your e-mail address',
    body: [
      name === undefined ? 'Hello,' : `Hello ${name},`,
      'somebody, presumably you, asked for an account with this e-mail address. To confirm it, open this page and enter the password that was chosen then:',
      { link },
      `The link works until ${minute(expires)}. If it was not you, ignore this mail: without the link and the password there will be no account.`,
    ],
  }),
  accountExists: () => ({
    subject: 'You already have an account',
    body: [
      'Hello,',
      'somebody, presumably you, asked for an account with this e-mail address. It already has one: log in with its password.',
      'If it was not you, there is nothing to do. Nothing was changed.',
    ],
  }),
  goodbye: () => ({
    subject: 'Your account has been erased',
    body: [
      'Hello,',
      'your account and the personal data kept with it have been erased, as you asked.',
      'This was the last mail: your address is forgotten, too.',
    ],
  }),
};
