import { describe, expect, it } from '@jest/globals';
import type { Client } from '@opensearch-project/opensearch';
import { prepareDataStream, readIndexTemplate } from './dataStream.js';

const NAME = 'logs-test';

class AnswerError extends Error {
  constructor(readonly statusCode: number) {
    super(`status ${statusCode}`);
  }
}

interface Template {
  template: { settings?: object; mappings: { properties: Record<string, object> } };
}

/**
 * A client of an OpenSearch with one template, and a write index whose mapping changes fail as often as `failures`, and which has
 * some fields with another type.
 */
const clientOf = (stored?: Template, failures: AnswerError[] = [], others: readonly string[] = []) => {
  const state: { template: Template | undefined; mapped: string[] } = { template: stored, mapped: [] };
  const indices = {
    getIndexTemplate: async () => {
      if (state.template === undefined) throw new AnswerError(404);
      return { body: { index_templates: [{ name: NAME, index_template: state.template }] } };
    },
    putIndexTemplate: async ({ body }: { body: Template }) => {
      state.template = body;
    },
    putMapping: async ({ body }: { body: { properties: object } }) => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      if (others.some((field) => field in body.properties)) throw new AnswerError(400);
      state.mapped.push(...Object.keys(body.properties));
    },
  };
  return { client: { indices } as unknown as Client, state };
};

const older = () => ({
  ...{ index_patterns: ['logs-*'], priority: 500, version: 7, composed_of: ['retention'], data_stream: {} },
  template: {
    settings: { index: { number_of_replicas: '2', refresh_interval: '30s' } },
    mappings: { dynamic: false, properties: { time: { type: 'date_nanos' }, newer: { type: 'keyword' } } },
    aliases: { logs: {} },
  },
});

describe('prepareDataStream', () => {
  it('creates the template for the name, where neither it nor the data stream exists', async () => {
    const { client, state } = clientOf(undefined, [new AnswerError(404)]);
    await prepareDataStream(client, NAME);
    expect(state.template).toEqual({ ...(await readIndexTemplate()), index_patterns: [NAME] });
  });

  it('adds fields to an existing template and keeps its settings, its other fields and its own mapping of ours', async () => {
    const { client, state } = clientOf(older());
    await prepareDataStream(client, NAME);
    const { template, ...rest } = older();
    const { properties } = (await readIndexTemplate()).template.mappings;
    const mappings = { dynamic: false, properties: { ...properties, ...template.mappings.properties } };
    expect(state.template).toEqual({ ...rest, template: { ...template, mappings } });
    expect(state.mapped).toEqual(Object.keys(properties).filter((field) => field !== 'time'));
  });

  it('does without a field that the write index has with another type, and adds it to the template', async () => {
    const { client, state } = clientOf(older(), [], ['reason']);
    expect(await prepareDataStream(client, NAME)).toEqual(['reason']);
    expect(state.mapped).toContain('waitMs');
    expect(state.mapped).not.toContain('reason');
    expect(Object.keys(state.template?.template.mappings.properties ?? {})).toContain('reason');
  });

  it('maps the fields in the write index at the next call when that failed at first', async () => {
    const { client, state } = clientOf(older(), [new AnswerError(503)]);
    await expect(prepareDataStream(client, NAME)).rejects.toMatchObject({ statusCode: 503 });
    await prepareDataStream(client, NAME);
    expect(state.mapped).toContain('reason');
    expect(Object.keys(state.template?.template.mappings.properties ?? {})).toContain('reason');
  });
});
