import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Ajv as AjvClass } from 'ajv';
import { LOG_FIELD_NAMES } from '../logFields.js';
import { DATA_STREAM, readIndexTemplate } from './dataStream.js';

const require = createRequire(import.meta.url);
const { Ajv } = require('ajv') as { Ajv: typeof AjvClass };

const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const age = { type: 'string', pattern: '^[1-9]\\d*(d|h|m|s|ms)$' };
const size = { type: 'string', pattern: '^[1-9]\\d*(b|kb|mb|gb|tb)$' };
const count = { type: 'integer', minimum: 0 };
const text = { type: 'string', minLength: 1 };

/** The part of a policy of the Index State Management plugin that ours uses, from the documentation of the plugin. */
const POLICY_SCHEMA = object({
  policy: object({
    description: text,
    default_state: text,
    states: {
      type: 'array',
      minItems: 1,
      items: object({
        name: text,
        actions: {
          type: 'array',
          items: {
            oneOf: [
              object({
                rollover: object(
                  { min_index_age: age, min_primary_shard_size: size, min_size: size, min_doc_count: count },
                  [],
                ),
              }),
              object({ delete: object({}) }),
            ],
          },
        },
        transitions: {
          type: 'array',
          items: object(
            {
              state_name: text,
              conditions: {
                ...object({ min_index_age: age, min_rollover_age: age, min_doc_count: count, min_size: size }, []),
                maxProperties: 1,
              },
            },
            ['state_name'],
          ),
        },
      }),
    },
    ism_template: {
      type: 'array',
      items: object({ index_patterns: { type: 'array', items: text, minItems: 1 }, priority: count }),
    },
  }),
});

interface Policy {
  policy: {
    default_state: string;
    states: { name: string; actions: object[]; transitions: { state_name: string; conditions?: object }[] }[];
    ism_template: [{ index_patterns: string[] }];
  };
}

const readPolicy = async (): Promise<Policy> =>
  JSON.parse(
    await readFile(join(import.meta.dirname, '..', '..', 'opensearch', 'retention-policy.json'), 'utf8'),
  ) as Policy;

describe('the index template', () => {
  it('L-02 maps exactly the fields that a log line may have, and lets no other field add to the mapping', async () => {
    const { index_patterns, template } = await readIndexTemplate();
    const { dynamic, properties } = template.mappings;
    expect(Object.keys(properties).sort()).toEqual([...LOG_FIELD_NAMES, 'level', 'time', 'msg'].sort());
    expect([dynamic, index_patterns]).toEqual([false, [DATA_STREAM]]);
  });
});

describe('the retention policy', () => {
  it('is a valid policy of the Index State Management plugin', async () => {
    const validate = new Ajv({ allErrors: true }).compile(POLICY_SCHEMA);
    expect([validate(await readPolicy()), validate.errors]).toEqual([true, null]);
    expect(validate({ policy: { states: [{ actions: [{ rollover: { min_age: '1d' } }] }] } })).toBe(false);
  });

  it('applies to the data stream, rolls over daily and reaches the deletion, 30 days after the last line', async () => {
    const { policy } = await readPolicy();
    expect(policy.ism_template[0].index_patterns).toEqual([DATA_STREAM]);
    const visited: string[] = [];
    let next: string | undefined = policy.default_state;
    while (next !== undefined && !visited.includes(next)) {
      visited.push(next);
      next = policy.states.find(({ name }) => name === next)?.transitions[0]?.state_name;
    }
    const states = visited.map((visit) => policy.states.find(({ name }) => name === visit));
    expect(states.map((state) => state?.actions)).toEqual([
      [{ rollover: { min_index_age: '1d', min_primary_shard_size: '10gb' } }],
      [],
      [{ delete: {} }],
    ]);
    expect(states[1]?.transitions).toEqual([{ state_name: 'delete', conditions: { min_rollover_age: '30d' } }]);
  });
});
