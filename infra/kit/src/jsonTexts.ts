/** Each item as a line of JSON (NDJSON). */
export async function* jsonLines(items: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}

/**
 * An object whose last member is a list that is not held in memory, as `JSON.stringify` writes it: the verifier takes no other
 * form. @param head its other members
 */
export async function* jsonWithList(head: object, name: string, items: AsyncIterable<unknown>): AsyncGenerator<string> {
  const members = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},`);
  yield `{${members.join('')}${JSON.stringify(name)}:[`;
  let separator = '';
  for await (const item of items) {
    yield `${separator}${JSON.stringify(item)}`;
    separator = ',';
  }
  yield ']}\n';
}

/** One text as a content. */
export async function* oneText(text: string): AsyncGenerator<string> {
  yield text;
}
