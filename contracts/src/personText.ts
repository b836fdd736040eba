import { BLANK_CHARACTERS } from './blankCharacters.js';

const JOINER =
  /(?<=[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200C\u200D](?=[\p{L}\p{Extended_Pictographic}])/gu;
/** Behind a virama, where words end with one too, as in Malayalam (RFC 5892 A.1, A.2). */
const JOINER_BEHIND_VIRAMA =
  /(?<=[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA])[\u200C\u200D](?![\u200C\u200D])/gu;
const VARIATION_SELECTOR = /(?<=[\p{L}\p{Emoji}])[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu;
/** They choose the form of a Mongolian letter, or part its last vowel from the word (Unicode 13.5). */
const MONGOLIAN_FORM =
  /(?<=\p{Script=Mongolian})(?:[\u180B-\u180D\u180F](?![\u180B-\u180D\u180F])|\u180E(?=\p{Script=Mongolian})(?=\p{L}))/gu;
/** The flags of England, Scotland and Wales, the only ones of this form that are recommended (UTS #51 ED-14a). */
const FLAG_OF_REGION =
  /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/gu;
const MEANT = [JOINER_BEHIND_VIRAMA, JOINER, VARIATION_SELECTOR, MONGOLIAN_FORM, FLAG_OF_REGION];
/** Controls, surrogates, private, unassigned and noncharacters, line and paragraph separators, and blanks that are no spaces. */
const REFUSED = new RegExp(`[\\p{Cc}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}${BLANK_CHARACTERS}]`, 'u');
/** Format characters such as bidirectional overrides, and everything else that is rendered as nothing. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
/** More marks on a letter than names have in any script: they cover the lines above and below (UTS #39 §5.4). */
const HEAP_OF_MARKS = /[\p{Mn}\p{Me}]{5}/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
/** From the first to the last character that is no white space. */
const WITHOUT_SPACE_AROUND = /[^\p{White_Space}\uFEFF](?:.*[^\p{White_Space}\uFEFF])?/su;

/**
 * One line of text that a person wrote, as it is stored: NFC, without the white space around it, with at least one visible
 * character, and without characters that hide, reorder or break text (Unicode TR #36 §2.5). A letter has at most four marks.
 * Joiners between letters, behind a virama and in emoji stay, and so do variation selectors behind a letter or emoji, the controls
 * of the Mongolian script, and flags.
 *
 * @param max code points, after NFC.
 * @returns `undefined` for text that is not of this form.
 */
export const personText = (text: string, max: number): string | undefined => {
  if (REFUSED.test(trimmed(text))) return undefined;
  const stored = trimmed(text.normalize('NFC'));
  if (!VISIBLE.test(stored) || [...stored].length > max) return undefined;
  if (HEAP_OF_MARKS.test(stored.normalize('NFD'))) return undefined;
  const shown = MEANT.reduce((rest, meant) => rest.replace(meant, ''), stored);
  return INVISIBLE.test(shown) ? undefined : stored;
};

const trimmed = (text: string): string => WITHOUT_SPACE_AROUND.exec(text)?.[0] ?? '';
