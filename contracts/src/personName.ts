import { personText } from './personText.js';

export const LONGEST_NAME = 100;

/** A person's name as it is stored: 1 to 100 code points, see {@link personText}. */
export const personName = (text: string): string | undefined => personText(text, LONGEST_NAME);
