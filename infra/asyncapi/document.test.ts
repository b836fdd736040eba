import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Values } from '../../contracts/public/messages.js';
import type { PublicBody } from '../../contracts/src/events/publicBody.js';
import { CHECKPOINT_TYPE, checkpointRecord } from '../../contracts/src/kafka/checkpointRecord.js';
import type { BrokerRecord } from '../../contracts/src/kafka/cloudEvent.js';
import { eventRecord } from '../../contracts/src/kafka/eventRecord.js';
import { ERASED_STATE_TYPE, STATE_TYPE } from '../../contracts/src/kafka/stateRecord.js';
import { PUBLIC_TOPICS, REPLAY_TOPIC } from '../../contracts/src/kafka/topics.js';
import type { PublicState } from '../../contracts/src/reducers/publicState.js';
import { ROLES } from '../../contracts/src/roles.js';
import { expectContract } from '../../contracts/test/contractMismatches.js';
import { proofVectors } from '../../contracts/test/proofVectors.js';
import { publishedHistory } from '../../contracts/test/publishedHistory.js';
import { asyncApiDocument } from './asyncApiDocument.mjs';
import { type ContractParts, DOCUMENT, readContractParts, readJson, type Sample, TYPES } from './contractFiles.mjs';
import { schemaTypes } from './schemaTypes.mjs';
import { topicsOf } from './topicsOf.mjs';

const STALE = 'run `npm run contract:write`';

/** The compiler requires an entry for each type that the code publishes. */
const EVENT_TYPES = Object.keys({
  'users.registered.v1': true,
  'users.changed.v1': true,
  'users.suspended.v1': true,
  'users.reinstated.v1': true,
  'users.erased.v1': true,
  'users.role-granted.v1': true,
  'users.role-revoked.v1': true,
  'users.other.v1': true,
} satisfies Record<PublicBody['type'], true>);
const TYPES_IN_CODE = [...EVENT_TYPES, STATE_TYPE, ERASED_STATE_TYPE, CHECKPOINT_TYPE].sort();

type DataOf<T extends PublicBody['type']> = (PublicBody & { type: T })['data'];
type ValueOf<T extends PublicBody['type']> = { userId: string } & (DataOf<T> extends Record<string, never>
  ? unknown
  : DataOf<T>);
type Published = { [T in PublicBody['type']]: ValueOf<T> } & {
  [STATE_TYPE]: PublicState;
  [ERASED_STATE_TYPE]: null;
} & {
  [CHECKPOINT_TYPE]: string;
};
/** Fails to compile where the code publishes what the declared types do not allow. */
const isDeclared: Published extends Values ? (keyof Values extends keyof Published ? true : false) : false = true;

let document: Record<string, unknown>;
let parts: ContractParts;

beforeAll(async () => {
  [document, parts] = [await readJson(DOCUMENT), await readContractParts()];
});

/** The checkpoint of the test vectors, which a signature is good for. */
const checkpoint = (): BrokerRecord => {
  const { note } = proofVectors().checkpoint;
  return checkpointRecord({ origin: note.split('\n')[0] ?? '', note, signedAt: new Date('2026-01-10T12:00:00.000Z') });
};

/** All records of the history in the fixtures, and a checkpoint. */
const records = (): BrokerRecord[] => [
  ...publishedHistory().flatMap(({ message, event, stateAfter }) => [
    event,
    eventRecord(message, REPLAY_TOPIC) as BrokerRecord,
    stateAfter,
  ]),
  checkpoint(),
];

const isText = ({ headers }: { headers: Readonly<Record<string, string>> }): boolean =>
  headers['content-type']?.startsWith('text/') === true;

const asSample = ({ topic, key, headers, value }: BrokerRecord): Sample => ({
  ...{ topic: topic.name, key, headers },
  value: value === null || isText({ headers }) ? value : JSON.parse(value),
});

describe('the contract of the public topics', () => {
  it('is generated from the topics in code, the schemas and the samples', async () => {
    const { license } = await readJson(join(import.meta.dirname, '../../package.json'));
    const generated = asyncApiDocument({ topics: PUBLIC_TOPICS, license: String(license), ...parts });
    expect([STALE, document]).toEqual([STALE, generated]);
    expect([STALE, readFileSync(TYPES, 'utf8')]).toEqual([STALE, schemaTypes(parts)]);
  });

  it('is a valid AsyncAPI 3.0 document whose examples match their schemas', async () => {
    const { Parser } = createRequire(import.meta.url)('@asyncapi/parser') as typeof import('@asyncapi/parser');
    const diagnostics = await new Parser().validate(JSON.stringify(document));
    expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
    expect(document.asyncapi).toBe('3.0.0');
  }, 300_000);

  it('has a schema, a sample and a message in the document for each type in the code, and no others', () => {
    const documented = Object.values(topicsOf(document)).flatMap(({ messages }) => Object.keys(messages));
    expect(isDeclared).toBe(true);
    expect(Object.keys(parts.schemas).sort()).toEqual(TYPES_IN_CODE);
    expect(Object.keys(parts.samples).sort()).toEqual(TYPES_IN_CODE);
    expect([...new Set(documented)].sort()).toEqual(TYPES_IN_CODE);
    for (const [type, sample] of Object.entries(parts.samples)) expect(sample.headers.ce_type).toBe(type);
  });

  it('has the topics that the code declares, each with promises, and none of the internal ones', () => {
    const topics = topicsOf(document);
    expect(Object.keys(topics)).toEqual(PUBLIC_TOPICS.map(({ name }) => name));
    for (const { name, partitions, config } of PUBLIC_TOPICS) {
      const documented = topics[name];
      const settings = Object.entries(documented?.config ?? {}).map(([key, value]) => [key, String(value)]);
      expect([documented?.partitions, Object.fromEntries(settings)]).toEqual([partitions, config]);
      expect(Object.keys(documented?.promises ?? {})).toEqual(
        expect.arrayContaining(['key', 'privacy', 'evolution', 'completeness', 'ordering', 'delivery', 'retention']),
      );
    }
    expect(JSON.stringify(document)).not.toContain('users.work');
  });

  it('promises the retention that the topics have', () => {
    const days = (ms: unknown) => (Number(ms) === -1 ? 'for ever' : `for ${Number(ms) / 86_400_000} days`);
    for (const [name, { config, promises }] of Object.entries(topicsOf(document))) {
      const { 'retention.ms': retention, 'delete.retention.ms': ofTombstones } = config;
      if (retention !== undefined)
        expect([name, promises.retention]).toEqual([name, expect.stringContaining(days(retention))]);
      if (ofTombstones !== undefined)
        expect([name, promises.erasure]).toEqual([
          name,
          expect.stringContaining(days(ofTombstones).replace('for', 'for at least')),
        ]);
    }
  });

  it('allows every record that the code makes, with no header and no field that is not declared', () => {
    const made = records();
    expect([...new Set(made.map(({ headers }) => headers.ce_type))].sort()).toEqual(TYPES_IN_CODE);
    for (const record of made) expectContract(record.topic.name, record);
  });

  it('has the samples that the code makes of the fixtures', () => {
    const made = records().map(asSample);
    for (const sample of Object.values(parts.samples)) {
      expect(made).toContainEqual(sample);
      const { value } = sample;
      const text = value === null || isText(sample) ? (value as string | null) : JSON.stringify(value);
      expectContract(sample.topic, { ...sample, value: text });
    }
  });

  it('has samples that are one history: times and positions rise with the revisions', () => {
    const headers = Object.values(parts.samples)
      .map((sample) => sample.headers)
      .filter(({ ce_revision }) => ce_revision !== undefined);
    headers.sort((one, other) => Number(one.ce_revision) - Number(other.ce_revision));
    const [times, positions] = [headers.map((of) => of.ce_time ?? ''), headers.map((of) => Number(of.ce_position))];
    expect(times).toEqual([...times].sort());
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
  });

  it('has one shape for all records of a type', () => {
    const shape = ({ headers, value }: Sample) => [Object.keys(headers), Object.keys(value ?? {})];
    for (const made of records().map(asSample))
      expect(shape(made)).toEqual(shape(parts.samples[made.headers.ce_type ?? ''] as Sample));
  });

  it('lists every role and every field name of the code', () => {
    const known = (type: string, field: string) => {
      const { properties } = parts.schemas[type] as { properties: Record<string, { items?: object }> };
      const schema = properties[field]?.items ?? properties[field];
      return (schema as { 'x-extensible-enum'?: string[] })['x-extensible-enum'];
    };
    for (const type of ['users.registered.v1', 'users.state.v1']) expect(known(type, 'roles')).toEqual([...ROLES]);
    for (const type of ['users.role-granted.v1', 'users.role-revoked.v1'])
      expect(known(type, 'role')).toEqual([...ROLES]);
    const changed = records().filter(({ headers }) => headers.ce_type === 'users.changed.v1');
    for (const { value } of changed)
      expect(known('users.changed.v1', 'fields')).toEqual(expect.arrayContaining(JSON.parse(String(value)).fields));
  });

  it('G-01 names no field that could hold personal data', () => {
    const names = Object.values(parts.schemas).flatMap(({ properties = {} }) => Object.keys(properties as object));
    expect([...new Set(names)].sort()).toEqual(['fields', 'registeredAt', 'role', 'roles', 'status', 'userId']);
  });
});
