/** Whose password it is to be. */
export interface PasswordContext {
  email: string;
  name: string;
}

const SERVICE = ['user', 'management', 'service'];
/** A shorter word is in too many honest passwords. */
const MIN_LETTERS = 3;

/** The words a password must not consist of: the service's, and those of its owner's name and address. */
export const contextWords = ({ email, name }: PasswordContext): string[] =>
  [...SERVICE, ...wordsOf(name), ...wordsOf(email)].filter((word) => [...word].length >= MIN_LETTERS);

const wordsOf = (text: string): string[] => text.normalize('NFC').split(/[^\p{L}\p{M}]+/u);
