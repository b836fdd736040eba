import { describe, expect, it } from '@jest/globals';
import {
  changesAfter,
  config,
  drop,
  headers,
  kafka,
  message,
  type Node,
  promises,
  released,
  set,
  value,
  without,
} from './test/editedContract.js';

describe('contractChanges, of what breaks consumers', () => {
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
});
