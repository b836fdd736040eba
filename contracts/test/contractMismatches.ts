import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { parseWorkRecord, type ReceivedRecord } from '@ums/contracts/kafka/parseWorkRecord';
import { WORK_TOPIC } from '@ums/contracts/kafka/topics';
import type { Ajv2020 as Ajv2020Class, ValidateFunction } from 'ajv/dist/2020.js';
import type { default as AddFormats } from 'ajv-formats';
import { type Schema, topicsOf } from '../../infra/asyncapi/topicsOf.mjs';

const require = createRequire(import.meta.url);
const { Ajv2020 } = require('ajv/dist/2020.js') as { Ajv2020: typeof Ajv2020Class };
const addFormats = require('ajv-formats') as typeof AddFormats.default;

/** A record as a producer takes it or as a consumer gets it. */
export interface AnyRecord {
  key?: Text | null | undefined;
  value: Text | null;
  headers?: Readonly<Record<string, Text | Text[] | undefined>> | undefined;
}

type Text = Uint8Array | string;

const document = JSON.parse(readFileSync(join(import.meta.dirname, '../public/asyncapi.json'), 'utf8'));
const topics = topicsOf(document);
const ajv = new Ajv2020({ allErrors: true, keywords: ['x-extensible-enum'] });
addFormats(ajv);
const compiled = new Map<Schema, ValidateFunction>();

/** A producer sends what is declared and nothing else; consumers accept more, so the schemas themselves are open. */
const validatorOf = (schema: Schema): ValidateFunction => {
  const closed = schema.type === 'object' ? { ...schema, additionalProperties: false } : schema;
  const validate = compiled.get(schema) ?? ajv.compile(closed);
  compiled.set(schema, validate);
  return validate;
};

const mismatches = (schema: Schema, value: unknown, part: string): string[] => {
  const validate = validatorOf(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [part + instancePath, message, ...(params.additionalProperty ? [params.additionalProperty] : [])].join(' '),
  );
};

const text = (bytes: Text): string =>
  typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

/** Everything about a record that the contract of its topic does not allow; empty if the record is as promised. */
export const contractMismatches = (topicName: string, record: AnyRecord): string[] => {
  if (topicName === WORK_TOPIC.name) {
    const parsed = parseWorkRecord(received(record));
    return 'invalid' in parsed ? [`work record: ${JSON.stringify(parsed.invalid)}`] : [];
  }
  const topic = topics[topicName];
  if (topic === undefined) return [`${topicName} is not a topic of the contract`];
  const repeated = Object.entries(record.headers ?? {}).filter(([, value]) => Array.isArray(value));
  if (repeated.length > 0) return repeated.map(([name]) => `headers/${name} is repeated`);
  const headers = Object.fromEntries(
    Object.entries(record.headers ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, text(value as Text)]],
    ),
  );
  const message = topic.messages[headers.ce_type ?? ''];
  if (message === undefined) return [`${topicName} has no message ${headers.ce_type}`];
  const key = typeof record.key === 'string' || record.key instanceof Uint8Array ? text(record.key) : null;
  const isText = message.contentType.startsWith('text/');
  const parse = (of: string): unknown => (isText ? of : JSON.parse(of));
  const value = record.value === null ? null : parse(text(record.value));
  if (record.value !== null && value === null) return ['the value is the text `null`, which is no tombstone'];
  const ofValue = value === null ? [] : [isText ? String(value).split('\n')[0] : (value as { userId?: string }).userId];
  const subjects = new Set([key, headers.ce_subject, ...ofValue]);
  return [
    ...mismatches(message.headers, headers, 'headers'),
    ...mismatches(message.payload, value, 'value'),
    ...mismatches(message.key, key, 'key'),
    ...(subjects.size === 1 ? [] : ['key, ce_subject and userId differ']),
  ];
};

/** Fails the test unless the record is as the contract of its topic promises. */
export const expectContract = (topicName: string, record: AnyRecord): void =>
  expect([topicName, contractMismatches(topicName, record)]).toEqual([topicName, []]);

const received = ({ key, value, headers }: AnyRecord): ReceivedRecord => {
  const bytes = (of: Text) => (typeof of === 'string' ? new TextEncoder().encode(of) : of);
  return {
    key: key === null || key === undefined ? null : bytes(key),
    value: value === null ? null : bytes(value),
    headers,
  };
};
