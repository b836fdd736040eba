/**
 * Ids of `infra/rules.md` in a text: a family letter and two digits (`F-15`, `F-16b`), of performance figures a `P` and a
 * number (`P12`). Requires both ends free of word characters and hyphens, so that UTF-16, SHA-256 and parts of UUIDs or
 * tokens do not match.
 */
const RULE_ID = /(?<![\w-])(?:[AEFGHIKLRSTUZ]-\d{2}b?|P(?:[1-9]|1\d|2\d))(?![\w-])/g;

export const ruleIdsIn = (text: string): string[] => text.match(RULE_ID) ?? [];

export interface Rule {
  id: string;
  sentence: string;
  source: string;
}

/** The rows of the page's tables. */
export const rulesOf = (page: string): Rule[] =>
  page.split('\n').flatMap((line) => {
    const [, id = '', sentence = '', source = ''] = line.split('|').map((cell) => cell.trim());
    return ruleIdsIn(id).length === 1 ? [{ id, sentence, source }] : [];
  });
