import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { WORDS_OF, wordFor } from './canaryWords.js';
import { FIELDS_WITHOUT_TEXT, FILLED_FIELDS } from './fieldsOfRequests.js';

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
}
interface Media {
  schema: Schema & { contentMediaType?: string };
  examples?: Record<string, { value: string }>;
}
interface Operation {
  parameters?: { name: string }[];
  requestBody?: { content: Record<string, Media> };
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const path = join(import.meta.dirname, '../../../../contracts/generated/openapi.json');
const document = JSON.parse(readFileSync(path, 'utf8')) as OpenApi;

const propertiesOf = ({ $ref, properties = {} }: Schema): string[] =>
  $ref === undefined
    ? Object.keys(properties)
    : propertiesOf(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});

/** Text that holds JSON has no schema for what it holds, only an example. */
const fieldsOf = ({ schema, examples = {} }: Media): string[] =>
  schema.contentMediaType === 'application/json'
    ? Object.values(examples).flatMap(({ value }) => Object.keys(JSON.parse(value)))
    : propertiesOf(schema);

/** The names of everything that a client may send: parameters and fields of bodies. */
const sentFields = (): Set<string> =>
  new Set(
    Object.values(document.paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ parameters = [], requestBody }) => [
        ...parameters.map(({ name }) => name),
        ...Object.values(requestBody?.content ?? {}).flatMap(fieldsOf),
      ]),
  );

describe('the canary of an erasure', () => {
  it('G-03 fills every field of every request, except those that can hold no text', () => {
    const known = new Set([...Object.keys(FILLED_FIELDS), ...FIELDS_WITHOUT_TEXT]);
    expect([...sentFields()].filter((field) => !known.has(field))).toEqual([]);
    expect(Object.keys(FILLED_FIELDS).filter((field) => !sentFields().has(field))).toEqual([]);
  });

  it('has words of which none is a part of another one', () => {
    const words = WORDS_OF.map(wordFor);
    for (const word of words) expect(words.filter((other) => other.includes(word))).toEqual([word]);
  });
});
