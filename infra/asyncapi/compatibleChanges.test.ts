import { describe, expect, it } from '@jest/globals';
import { changesAfter, config, headers, message, type Node, promises, set, value } from './test/editedContract.js';

describe('contractChanges, of what consumers need not notice', () => {
  it('finds none in an equal document', () => {
    expect(changesAfter(() => undefined)).toEqual({ breaking: [], compatible: [] });
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

  it('ignores titles and examples', () => {
    const edit = (d: Node) => {
      set(value(d, 'users.state.v1'), 'title', 'Another title');
      set(message(d, 'users.state.v1'), 'examples', []);
    };
    expect(changesAfter(edit)).toEqual({ breaking: [], compatible: [] });
  });
});
