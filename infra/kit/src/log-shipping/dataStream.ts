import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@opensearch-project/opensearch';
import { statusOf } from './openSearchErrors.js';

/** Name of the data stream and of its index template. */
export const DATA_STREAM = 'logs-ums';

const MISSING = 404;
/**
 * The write index has one of the fields with another type. Lines that fit it are indexed, the others are reported as refused, and
 * the next write index is made by the template.
 */
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
 */
export const prepareDataStream = async (client: Client, name: string): Promise<void> => {
  const ours = await readIndexTemplate();
  const stored = await storedTemplate(client, name);
  const existing = stored?.template?.mappings?.properties ?? {};
  const missing = Object.entries(ours.template.mappings.properties).filter(
    ([field]) => !Object.hasOwn(existing, field),
  );
  if (missing.length === 0) return;
  const properties = Object.fromEntries(missing);
  // The template comes last: once it has all fields, the next call does not look at the write index.
  const mapped = client.indices.putMapping({ index: name, write_index_only: true, body: { properties } as object });
  await unlessStatus(mapped, MISSING, OTHERWISE_MAPPED);
  const body = stored === undefined ? { ...ours, index_patterns: [name] } : withProperties(stored, properties);
  await client.indices.putIndexTemplate({ name, body: body as object });
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

const unlessStatus = async <T>(answer: Promise<T>, ...statuses: number[]): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (statuses.includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
};
