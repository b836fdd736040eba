import { describe, expect, it } from '@jest/globals';
import { jsonLines, jsonWithList } from './jsonTexts.js';

const items = async function* (...values: unknown[]) {
  yield* values;
};
const textOf = async (chunks: AsyncIterable<string>): Promise<string> => {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
};

describe('the texts of JSON', () => {
  it('have each item on a line', async () => {
    expect(await textOf(jsonLines(items({ a: 'two\nlines' }, 1)))).toBe('{"a":"two\\nlines"}\n1\n');
    expect(await textOf(jsonLines(items()))).toBe('');
  });

  it.each([[[]], [[{ a: 1 }]], [[1, 2, 3]]])(
    'G-08 are one object with a list of %j, as JSON.stringify writes it',
    async (list) => {
      const head = { format: 'v1', "it's": '"' };
      const text = await textOf(jsonWithList(head, 'events', items(...list)));
      expect(text).toBe(`${JSON.stringify({ ...head, events: list })}\n`);
      expect(await textOf(jsonWithList({}, 'events', items(...list)))).toBe(`${JSON.stringify({ events: list })}\n`);
    },
  );
});
