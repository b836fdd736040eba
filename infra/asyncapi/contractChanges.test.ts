import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { contractChanges } from './contractChanges.mjs';
import { DOCUMENT } from './contractFiles.mjs';

type Node = Record<string, unknown> & { [name: string]: Node };

const text = readFileSync(DOCUMENT, 'utf8');
const released = JSON.parse(text) as Node;

/** The changes between the document and a copy that was edited. */
const changesAfter = (edit: (document: Node) => void) => {
  const current = JSON.parse(text) as Node;
  edit(current);
  return contractChanges(released, current);
};

/** The changes between a document whose state schema has this field, and one where the field has the other schema. */
const fieldChanges = (before: object, after: object) => {
  const withField = (schema: object) => {
    const document = JSON.parse(text) as Node;
    Object.assign(value(document, 'users.state.v1').properties ?? {}, { field: schema });
    return document;
  };
  return contractChanges(withField(before), withField(after));
};

const message = (document: Node, type: string) => document.components?.messages?.[type] as Node;
const value = (document: Node, type: string) => message(document, type).payload as Node;
const headers = (document: Node) => document.components?.messageTraits?.cloudEvent?.headers as Node;
const kafka = (document: Node, channel: string) => document.channels?.[channel]?.bindings?.kafka as Node;
const config = (document: Node, channel: string) => kafka(document, channel).topicConfiguration as Node;
const promises = (document: Node, channel: string) => document.channels?.[channel]?.['x-promises'] as Node;
const set = (node: Node | undefined, name: string, to: unknown) => Object.assign(node ?? {}, { [name]: to });
const drop = (node: Node | undefined, name: string) => {
  expect(node).toHaveProperty([name]);
  delete node?.[name];
};
const without = (list: unknown, name: string) => (list as string[]).filter((one) => one !== name);

describe('contractChanges', () => {
  it('finds none in an equal document', () => {
    expect(changesAfter(() => undefined)).toEqual({ breaking: [], compatible: [] });
  });

  it.each<[string, (document: Node) => void, string]>([
    ['a removed topic', (d) => drop(d.channels, 'replay'), 'users.events.v1.replay: removed'],
    ['a renamed topic', (d) => set(d.channels?.events, 'address', 'users.events'), 'users.events.v1: removed'],
    ['fewer partitions', (d) => set(kafka(d, 'events'), 'partitions', 6), 'users.events.v1: partitions: 12 -> 6'],
    ['more partitions', (d) => set(kafka(d, 'events'), 'partitions', 24), 'users.events.v1: partitions: 12 -> 24'],
    [
      'another cleanup policy',
      (d) => set(config(d, 'states'), 'cleanup.policy', ['compact', 'delete']),
      'users.state.v1: cleanup.policy: ["compact"] -> ["compact","delete"]',
    ],
    [
      'a shorter retention',
      (d) => set(config(d, 'events'), 'retention.ms', 86_400_000),
      'users.events.v1: retention.ms: 2592000000 -> 86400000',
    ],
    [
      'a limit of size',
      (d) => set(config(d, 'events'), 'retention.bytes', 1_000),
      'users.events.v1: retention.bytes: -1 -> 1000',
    ],
    [
      'a shorter stay of tombstones',
      (d) => set(config(d, 'states'), 'delete.retention.ms', 604_800_000),
      'users.state.v1: delete.retention.ms: 2592000000 -> 604800000',
    ],
    [
      'a later compaction, which keeps erased users for longer',
      (d) => set(config(d, 'states'), 'max.compaction.lag.ms', 172_800_000),
      'users.state.v1: max.compaction.lag.ms: 86400000 -> 172800000',
    ],
    [
      'another meaning of time stamps',
      (d) => set(config(d, 'events'), 'message.timestamp.type', 'LogAppendTime'),
      'users.events.v1: message.timestamp.type: "CreateTime" -> "LogAppendTime"',
    ],
    [
      'a setting that is no longer set',
      (d) => drop(config(d, 'events'), 'retention.ms'),
      'users.events.v1: retention.ms: 2592000000 -> not set',
    ],
    [
      'a setting that was not set',
      (d) => set(config(d, 'states'), 'retention.ms', 1_000),
      'users.state.v1: retention.ms: not set -> 1000',
    ],
    ['a dropped promise', (d) => drop(promises(d, 'events'), 'ordering'), 'users.events.v1: promise ordering: removed'],
    [
      'a reworded promise',
      (d) => set(promises(d, 'events'), 'delivery', 'At most once.'),
      `users.events.v1: promise delivery: ${JSON.stringify(promises(released, 'events').delivery)} -> "At most once."`,
    ],
    [
      'a removed message',
      (d) => drop(d.channels?.events?.messages, 'users.changed.v1'),
      'users.events.v1: users.changed.v1: removed',
    ],
    [
      'a renamed message',
      (d) => set(message(d, 'users.changed.v1'), 'name', 'users.renamed.v1'),
      'users.events.v1: users.changed.v1: removed',
    ],
    [
      'another media type',
      (d) => set(message(d, 'users.state.v1'), 'contentType', 'application/avro'),
      'users.state.v1: users.state.v1: content type: "application/json" -> "application/avro"',
    ],
    [
      'another key',
      (d) => set(message(d, 'users.state.v1').bindings?.kafka, 'key', { type: 'string' }),
      'users.state.v1: users.state.v1: the key has another form',
    ],
    [
      'a narrower key, which partitions differently',
      (d) => set(message(d, 'users.state.v1').bindings?.kafka?.key, 'pattern', '^0'),
      'users.state.v1: users.state.v1: the key has another form',
    ],
    [
      'a removed header',
      (d) => drop(headers(d).properties, 'ce_correlationid'),
      'users.state.v1: users.state.v1: headers.ce_correlationid: removed',
    ],
    [
      'a header that may be absent',
      (d) =>
        set(
          message(d, 'users.state.v1').headers,
          'required',
          without(message(d, 'users.state.v1').headers?.required, 'ce_position'),
        ),
      'users.state.v1: users.state.v1: headers.ce_position: no longer required',
    ],
    [
      'another source',
      (d) => set(message(d, 'users.state.v1').headers?.properties?.ce_source, 'const', '/users'),
      'users.state.v1: users.state.v1: headers.ce_source: values: ["/user-management/states"] -> ["/users"]',
    ],
    [
      'a removed field',
      (d) => drop(value(d, 'users.state.v1').properties, 'registeredAt'),
      'users.state.v1: users.state.v1: value.registeredAt: removed',
    ],
    [
      'a field that may be absent',
      (d) => set(value(d, 'users.state.v1'), 'required', ['userId', 'roles']),
      'users.state.v1: users.state.v1: value.status: no longer required',
    ],
    [
      'another status, which consumers of a closed enum do not know',
      (d) => set(value(d, 'users.state.v1').properties?.status, 'enum', ['active', 'suspended', 'locked']),
      'users.state.v1: users.state.v1: value.status: values: ["active","suspended"] -> ["active","suspended","locked"]',
    ],
    [
      'a tombstone that becomes a value',
      (d) => set(value(d, 'users.state-erased.v1'), 'type', ['null', 'object']),
      'users.state.v1: users.state-erased.v1: value: type: "null" -> ["null","object"]',
    ],
  ])('refuses %s', (_, edit, change) => {
    expect(changesAfter(edit).breaking).toContain(change);
  });

  it.each<[string, object, object, string]>([
    ['a changed type', { type: 'string' }, { type: 'integer' }, 'type: "string" -> "integer"'],
    ['a wider type', { type: 'integer' }, { type: 'number' }, 'type: "integer" -> "number"'],
    [
      'a value that may be null',
      { type: 'string' },
      { type: ['string', 'null'] },
      'type: "string" -> ["string","null"]',
    ],
    ['an enum that is opened', { enum: ['a'] }, {}, 'values: dropped (was ["a"])'],
    ['a constant that varies', { const: 'a' }, { enum: ['a', 'b'] }, 'values: ["a"] -> ["a","b"]'],
    ['a shorter minimum', { minLength: 2 }, { minLength: 1 }, 'minLength: 2 -> 1'],
    ['a longer maximum', { maxLength: 2 }, { maxLength: 3 }, 'maxLength: 2 -> 3'],
    ['a dropped bound', { minItems: 1 }, {}, 'minItems: dropped (was 1)'],
    ['another format', { format: 'date-time' }, { format: 'date' }, 'format: "date-time" -> "date"'],
    ['another pattern', { pattern: '^a$' }, { pattern: '^.$' }, 'pattern: "^a$" -> "^.$"'],
    ['items that are dropped', { items: {} }, {}, 'items: dropped (was {})'],
    ['a change of a keyword that the check does not know', { allOf: [{}] }, { allOf: [] }, 'allOf: [{}] -> []'],
  ])('refuses %s', (_, before, after, change) => {
    const { breaking } = fieldChanges(before, after);
    expect(breaking).toEqual([`users.state.v1: users.state.v1: value.field: ${change}`]);
  });

  it('refuses a change inside of a list or of a nested object', () => {
    const nested = (type: string) => ({ items: { properties: { part: { type } } } });
    expect(fieldChanges(nested('string'), nested('integer')).breaking).toEqual([
      'users.state.v1: users.state.v1: value.field[].part: type: "string" -> "integer"',
    ]);
  });

  it.each<[string, (document: Node) => void, string]>([
    [
      'a new topic',
      (d) => set(d.channels, 'new', { ...d.channels?.events, address: 'users.new.v1' }),
      'users.new.v1: added',
    ],
    [
      'a new message',
      (d) => {
        set(d.components?.messages, 'users.moved.v1', { ...message(d, 'users.other.v1'), name: 'users.moved.v1' });
        set(d.channels?.events?.messages, 'users.moved.v1', { $ref: '#/components/messages/users.moved.v1' });
      },
      'users.events.v1: users.moved.v1: added',
    ],
    [
      'a new version beside the old one',
      (d) => {
        set(d.components?.messages, 'users.state.v2', { ...message(d, 'users.state.v1'), name: 'users.state.v2' });
        set(d.channels?.states?.messages, 'users.state.v2', { $ref: '#/components/messages/users.state.v2' });
      },
      'users.state.v1: users.state.v2: added',
    ],
    [
      'a new header',
      (d) => set(headers(d).properties, 'ce_actorkind', { type: 'string' }),
      'users.state.v1: users.state.v1: headers.ce_actorkind: added',
    ],
    [
      'a new field',
      (d) => set(value(d, 'users.state.v1').properties, 'hasPicture', { type: 'boolean' }),
      'users.state.v1: users.state.v1: value.hasPicture: added',
    ],
    [
      'a field that is always present',
      (d) => set(value(d, 'users.state.v1'), 'required', ['userId', 'status', 'roles', 'registeredAt']),
      'users.state.v1: users.state.v1: value.registeredAt: now required',
    ],
    [
      'a new value of an extensible enum',
      (d) => set(value(d, 'users.role-granted.v1').properties?.role, 'x-extensible-enum', ['user', 'owner']),
      'users.events.v1: users.role-granted.v1: value.role: known values: ["user","admin","auditor","service"] -> ["user","owner"]',
    ],
    [
      'fewer values of an enum',
      (d) => set(value(d, 'users.state.v1').properties?.status, 'enum', ['active']),
      'users.state.v1: users.state.v1: value.status: values: ["active","suspended"] -> ["active"]',
    ],
    [
      'another description, for a person to judge',
      (d) => set(value(d, 'users.state.v1').properties?.status, 'description', 'Whether it is active.'),
      'users.state.v1: users.state.v1: value.status: described differently; it must mean the same',
    ],
    [
      'a longer retention',
      (d) => set(config(d, 'events'), 'retention.ms', 5_184_000_000),
      'users.events.v1: retention.ms: 2592000000 -> 5184000000',
    ],
    [
      'a retention without limit',
      (d) => set(config(d, 'events'), 'retention.ms', -1),
      'users.events.v1: retention.ms: 2592000000 -> -1',
    ],
    [
      'an earlier compaction',
      (d) => set(config(d, 'states'), 'max.compaction.lag.ms', 3_600_000),
      'users.state.v1: max.compaction.lag.ms: 86400000 -> 3600000',
    ],
    [
      'a new promise',
      (d) => set(promises(d, 'states'), 'speed', 'Within a second.'),
      'users.state.v1: promise speed: added',
    ],
  ])('allows %s', (_, edit, change) => {
    const { breaking, compatible } = changesAfter(edit);
    expect([breaking, compatible]).toEqual([[], expect.arrayContaining([change])]);
  });

  it.each<[string, object, object, string]>([
    ['a narrower type', { type: ['string', 'null'] }, { type: 'string' }, 'type: ["string","null"] -> "string"'],
    ['an integer instead of a number', { type: 'number' }, { type: 'integer' }, 'type: "number" -> "integer"'],
    ['an added bound', {}, { maxLength: 3 }, 'maxLength: added (3)'],
    ['a tighter bound', { maxLength: 3, minLength: 1 }, { maxLength: 2, minLength: 1 }, 'maxLength: 3 -> 2'],
    ['a longer minimum', { minLength: 1 }, { minLength: 2 }, 'minLength: 1 -> 2'],
    ['an added pattern', {}, { pattern: '^a$' }, 'pattern: added ("^a$")'],
  ])('allows %s', (_, before, after, change) => {
    expect(fieldChanges(before, after)).toEqual({
      breaking: [],
      compatible: [`users.state.v1: users.state.v1: value.field: ${change}`],
    });
  });

  it('ignores titles and examples', () => {
    const edit = (d: Node) => {
      set(value(d, 'users.state.v1'), 'title', 'Another title');
      set(message(d, 'users.state.v1'), 'examples', []);
    };
    expect(changesAfter(edit)).toEqual({ breaking: [], compatible: [] });
  });
});
