import { type AST, parseRegExpLiteral } from '@eslint-community/regexpp';

/** More repetitions than this are worth trying to exhaust. */
const MANY = 100;
const MOST_SAMPLES = 4;
/** After the repeated part, so that what has matched is tried again in every other way. */
const ENDINGS = ['', '!', '\n\u0000', ' x"'];

/** Before the repeated part, so that an alternative that is bound to the beginning does not take it. */
const BEGINNINGS = ['', 'a', '!'];

/** Characters of every kind, by which the members of a class are found. */
const CHARACTERS = [
  ...Array.from({ length: 0x7f }, (_, code) => String.fromCodePoint(code)).reverse(),
  ...['\u0085', '\u00a0', '\u00ad', 'é', 'ß', '\u0301', '\u094d', '\u200b', '\u200d', '\u2018', '\u2028', '\u2800'],
  ...['\u3000', '\ufe0f', '\ufeff', '\ufffd', '漢', '٣', '\u{1f600}', '\u{1f3fb}', '\u{e0100}', '\ud800', '\ue000'],
];

/**
 * Texts on which an expression that backtracks spends the most steps: what each of its unbounded repetitions matches, over and
 * over, alone and with what comes before it, and then something that does not match.
 *
 * @param length of each text, roughly
 */
export function* adversarialTexts(regex: RegExp, length: number): Generator<string> {
  for (const { before, unit } of repeatedParts(regex)) {
    const repeated = unit.repeat(Math.ceil(length / unit.length));
    for (const ending of ENDINGS) {
      for (const beginning of BEGINNINGS) yield `${beginning}${repeated}${ending}`;
      if (before !== '') yield `${before}${repeated}${ending}`;
    }
  }
}

interface RepeatedPart {
  before: string;
  unit: string;
}

const repeatedParts = (regex: RegExp): RepeatedPart[] => {
  const parts = new Map<string, RepeatedPart>();
  const add = (before: string, unit: string): void => {
    if (unit !== '') parts.set(JSON.stringify([before, unit]), { before, unit });
  };
  const samples = sampler(regex.flags);
  const visit = (alternatives: AST.Alternative[], before: string): void => {
    for (const { elements } of alternatives) {
      let sofar = before;
      for (const element of elements) {
        inside(element, sofar);
        sofar += samples(element)[0] ?? '';
        add('', sofar);
      }
    }
  };
  const inside = (element: AST.Element, before: string): void => {
    if (element.type === 'Quantifier') {
      if (element.max > MANY)
        for (const unit of samples(element.element)) {
          add(before, unit);
          add('', before + unit);
        }
      inside(element.element, before);
    }
    if (element.type === 'Group' || element.type === 'CapturingGroup') visit(element.alternatives, before);
    if (element.type === 'Assertion' && 'alternatives' in element) visit(element.alternatives, before);
  };
  visit(parseRegExpLiteral(regex).pattern.alternatives, '');
  return [...parts.values()];
};

/** Short texts that an element matches. */
const sampler = (flags: string) => {
  const classFlags = flags.replace(/[gmy]/g, '');
  const membersOf = (raw: string): string[] => {
    const member = new RegExp(`^(?:${raw})$`, classFlags);
    const members = CHARACTERS.filter((character) => member.test(character));
    return [...new Set([...members.slice(0, 2), ...members.slice(-2)])];
  };
  const samples = (element: AST.Element): string[] => {
    switch (element.type) {
      case 'Character':
        return [String.fromCodePoint(element.value)];
      case 'CharacterSet':
      case 'CharacterClass':
      case 'ExpressionCharacterClass':
        return membersOf(element.raw);
      case 'Group':
      case 'CapturingGroup':
        return element.alternatives.flatMap(ofAlternative).slice(0, MOST_SAMPLES);
      case 'Quantifier':
        return samples(element.element).map((text) => text.repeat(Math.min(Math.max(element.min, 1), MANY)));
      default:
        // Assertions and references match no text of their own.
        return [''];
    }
  };
  const ofAlternative = ({ elements }: AST.Alternative): string[] => {
    const each = elements.map(samples);
    const first = each.map(([text = '']) => text).join('');
    const last = each.map((texts) => texts.at(-1) ?? '').join('');
    return [...new Set([first, last])];
  };
  return samples;
};
