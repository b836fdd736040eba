import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@opensearch-project/opensearch';
import { statusOf } from './openSearchErrors.js';

/** Name of the data stream and of its index template. */
export const DATA_STREAM = 'logs-ums';

const MISSING = 404;
/** The write index has one of the fields with another type. */
const OTHERWISE_MAPPED = 400;

const FOLDER = join(import.meta.dirname, '..', '..', 'opensearch');

export type Properties = Readonly<Record<string, object>>;

export interface IndexTemplate {
  index_patterns: string[];
  template: { settings: Record<string, unknown>; mappings: { dynamic: boolean; properties: Properties } };
}

/** A template as OpenSearch returns it. It also has parts that are not listed here. */
interface StoredTemplate {
  template?: { mappings?: { properties?: Properties } };
}

export const readIndexTemplate = async (): Promise<IndexTemplate> =>
  JSON.parse(await readFile(join(FOLDER, 'index-template.json'), 'utf8'));

/**
 * Creates the index template that makes the data stream, or adds the fields that it lacks. Everything else of an existing
 * template stays as it is: an operator may have changed it, or a newer version of this service.
 *
 * Without the template, the first line would create an ordinary index that maps every field it meets.
 *
 * @returns the fields that the write index has with another type. Lines that fit that are indexed, the others are refused, and the
 * next write index is made by the template.
 */
export const prepareDataStream = async (client: Client, name: string): Promise<string[]> => {
  const ours = await readIndexTemplate();
  const stored = await storedTemplate(client, name);
  const existing = stored?.template?.mappings?.properties ?? {};
  const missing = Object.entries(ours.template.mappings.properties).filter(
    ([field]) => !Object.hasOwn(existing, field),
  );
  if (missing.length === 0) return [];
  const properties = Object.fromEntries(missing);
  // The template comes last: once it has all fields, the next call does not look at the write index.
  const refused = await addToWriteIndex(client, name, properties);
  const body = stored === undefined ? { ...ours, index_patterns: [name] } : withProperties(stored, properties);
  await client.indices.putIndexTemplate({ name, body: body as object });
  return refused;
};

/** All fields or, if the index refuses that, each of them that it takes. @returns those that it refuses */
const addToWriteIndex = async (client: Client, index: string, properties: Properties): Promise<string[]> => {
  const put = (added: Properties) =>
    unlessStatus(
      client.indices.putMapping({ index, write_index_only: true, body: { properties: added } as object }),
      MISSING,
    );
  try {
    await put(properties);
    return [];
  } catch (error) {
    const fields = Object.entries(properties);
    if (statusOf(error) !== OTHERWISE_MAPPED) throw error;
    if (fields.length === 1) return Object.keys(properties);
    const refused = [];
    for (const [field, mapping] of fields)
      refused.push(...(await addToWriteIndex(client, index, { [field]: mapping })));
    return refused;
  }
};

const withProperties = (stored: StoredTemplate, properties: Properties): StoredTemplate => {
  const { template } = stored;
  const mappings = { ...template?.mappings, properties: { ...template?.mappings?.properties, ...properties } };
  return { ...stored, template: { ...template, mappings } };
};

const storedTemplate = async (client: Client, name: string): Promise<StoredTemplate | undefined> => {
  const answer = await unlessStatus(client.indices.getIndexTemplate({ name }), MISSING);
  return answer?.body.index_templates[0]?.index_template as StoredTemplate | undefined;
};

const unlessStatus = async <T>(answer: Promise<T>, status: number): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === status) return undefined;
    throw error;
  }
};
