import { invalid, Refused } from '../../refused.js';
import { findBodyFault } from './findBodyFault.js';

export const MAX_TEXT_BYTES = 64 * 1024;

/** Collects the text fields of a form. */
export const formTexts = () => {
  const entries: [string, string][] = [];
  let size = 0;
  return {
    add: (name: string, text: string): void => {
      size += text.length;
      if (size > MAX_TEXT_BYTES) throw new Refused('body-too-large');
      if (entries.some(([other]) => other === name)) throw invalid('body', 'must not have a field twice');
      entries.push([name, text]);
    },
    /** @throws Refused `validation-failed` for text that cannot be stored. */
    all: (): Record<string, string> => {
      const fields = Object.fromEntries(entries);
      const fault = findBodyFault(fields);
      if (fault !== undefined) throw new Refused('validation-failed', { errors: [fault] });
      return fields;
    },
  };
};
