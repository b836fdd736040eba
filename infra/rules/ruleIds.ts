/**
 * Rule ids of `infra/rules.md` in a text: a letter and two digits (`F-15`, `F-16b`), or `P` and a number for performance
 * figures (`P12`). No word character or hyphen may precede or follow an id, so that UTF-16, SHA-256 and parts of UUIDs or
 * tokens do not match.
 */
const RULE_ID = /(?<![\w-])(?:[AEFGHIKLRSTUZ]-\d{2}b?|P(?:[1-9]|1\d|2\d))(?![\w-])/g;

/** Rule ids in order of occurrence, repeats included. */
export const ruleIdsIn = (text: string): string[] => text.match(RULE_ID) ?? [];

export interface Rule {
  id: string;
  sentence: string;
  source: string;
}

/** The rules in the tables of `infra/rules.md`. */
export const rulesOf = (page: string): Rule[] =>
  page.split('\n').flatMap((line) => {
    const [, id = '', sentence = '', source = ''] = line.split('|').map((cell) => cell.trim());
    return ruleIdsIn(id).length === 1 ? [{ id, sentence, source }] : [];
  });
