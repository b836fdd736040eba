import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@opensearch-project/opensearch';
import { statusOf } from './openSearchClient.js';

/** Name of the data stream and of its index template. */
export const DATA_STREAM = 'logs-ums';

const FOLDER = join(import.meta.dirname, '..', '..', 'opensearch');

export type Properties = Readonly<Record<string, object>>;

export interface IndexTemplate {
  index_patterns: string[];
  template: { settings: Record<string, unknown>; mappings: { dynamic: boolean; properties: Properties } };
}

export const readIndexTemplate = async (): Promise<IndexTemplate> =>
  JSON.parse(await readFile(join(FOLDER, 'index-template.json'), 'utf8'));

/**
 * Creates the index template that makes the data stream, or extends it by fields that it lacks. A template that has all fields
 * stays as it is: an operator may have changed it, or a newer version of this service.
 *
 * Without the template, the first line would create an ordinary index that maps every field it meets.
 */
export const prepareDataStream = async (client: Client, name: string): Promise<void> => {
  const template = await readIndexTemplate();
  const { properties } = template.template.mappings;
  const existing = await existingProperties(client, name);
  if (existing !== undefined && Object.keys(properties).every((field) => Object.hasOwn(existing, field))) return;
  await client.indices.putIndexTemplate({ name, body: { ...template, index_patterns: [name] } as object });
  await unlessMissing(client.indices.putMapping({ index: name, body: { properties } as object }));
};

const existingProperties = async (client: Client, name: string): Promise<Properties | undefined> => {
  const answer = await unlessMissing(client.indices.getIndexTemplate({ name }));
  return answer?.body.index_templates[0]?.index_template.template?.mappings?.properties as Properties | undefined;
};

const unlessMissing = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
};
