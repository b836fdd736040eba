import type { MailTokenPurpose } from '@ums/identity/mail-token/mailToken';

/** The words of the page behind a mailed link, as plain text. */
export interface LinkWords {
  heading: string;
  ask: string;
  /** Whether the form asks for the password. */
  asksPassword: boolean;
  button: string;
  doneHeading: string;
  done: string;
  /** `asksAgain`: the same link can work with another password. */
  invalid: { alert: string; advice: string; asksAgain?: true };
}

export const LINK_WORDS: Readonly<Record<MailTokenPurpose, LinkWords>> = {
  confirm: {
    heading: 'Confirm your address',
    ask: 'Enter the password you chose when you registered.',
    asksPassword: true,
    button: 'Confirm',
    doneHeading: 'Your address is confirmed',
    done: 'You can log in now.',
    invalid: {
      // Another registration of the address may have won: then the password of its account is the one that counts.
      alert: 'The link is not valid, or the password is not that of your account.',
      advice:
        'If you have confirmed your address with another mail, enter the password you chose for that one, or log in. Otherwise the link has expired or is not complete: open the one in the newest mail, or register again.',
      asksAgain: true,
    },
  },
  change: {
    heading: 'Confirm your new address',
    ask: 'Enter the password of your account.',
    asksPassword: true,
    button: 'Confirm',
    doneHeading: 'Your address is changed',
    done: 'Use the new address from now on when you log in.',
    invalid: {
      alert: 'The link is not valid.',
      advice:
        'It may have expired, or be replaced by the one in a newer mail. The address may also have an account of its own by now. Ask for the change again.',
    },
  },
  undo: {
    heading: 'Keep your previous address',
    ask: 'The account keeps the address that got this mail, or gets it back. All devices are logged out.',
    asksPassword: false,
    button: 'Refuse the change',
    doneHeading: 'Your previous address is in use',
    done: 'All devices are logged out. If you did not ask for the change, someone else knows your password.',
    invalid: {
      alert: 'The link is not valid.',
      advice: 'It may have expired, or the change may be replaced or undone already. Look for a newer mail.',
    },
  },
};
