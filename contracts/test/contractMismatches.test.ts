import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { workRecord } from '@ums/contracts/kafka/workRecord';
import { type Message, toMessage } from '@ums/contracts/messages/message';
import { type AnyRecord, contractMismatches, expectContract } from './contractMismatches.js';
import { readFixture } from './fixture.js';

const sampleOf = (type: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../public/samples/${type}.json`), 'utf8'));
const { topic, key, headers, value } = sampleOf('users.role-granted.v1');
const record = { key, headers, value: JSON.stringify(value) };
const withHeader = (name: string, text: string | undefined) => ({ ...record, headers: { ...headers, [name]: text } });
const withValue = (changed: object | null) => ({ ...record, value: JSON.stringify(changed) });
const asBytes = ({ key, value, headers }: typeof record) => ({
  ...{ key: Buffer.from(key), value: Buffer.from(value) },
  headers: Object.fromEntries(Object.entries<string>(headers).map(([name, text]) => [name, Buffer.from(text)])),
});

describe('contractMismatches', () => {
  it('accepts a record as it is produced and as it is consumed', () => {
    expect(contractMismatches(topic, record)).toEqual([]);
    expect(contractMismatches('users.events.v1.replay', asBytes(record))).toEqual([]);
  });

  it.each<[string, string, AnyRecord, string]>([
    ['a topic that is not public', 'users.other', record, 'users.other is not a topic of the contract'],
    ['a message of another topic', 'users.state.v1', record, 'users.state.v1 has no message users.role-granted.v1'],
    [
      'an undeclared header',
      topic,
      withHeader('ce_actor', 'ada'),
      'headers must NOT have additional properties ce_actor',
    ],
    ['a missing header', topic, withHeader('ce_id', undefined), "headers must have required property 'ce_id'"],
    [
      'a malformed header',
      topic,
      withHeader('ce_revision', '07'),
      'headers/ce_revision must match pattern "^(0|[1-9][0-9]*)$"',
    ],
    [
      'a repeated header',
      topic,
      { ...record, headers: { ...headers, ce_id: ['a', 'b'] } },
      'headers/ce_id is repeated',
    ],
    [
      'an undeclared field',
      topic,
      withValue({ ...value, email: 'a' }),
      'value must NOT have additional properties email',
    ],
    ['a field of another type', topic, withValue({ ...value, role: 7 }), 'value/role must be string'],
    ['no value', topic, { ...record, value: null }, 'value must be object'],
    ['the text null', topic, withValue(null), 'the value is the text `null`, which is no tombstone'],
    ['no key', topic, { ...record, key: null }, 'key must be string'],
    ['the key of another user', topic, { ...record, key: headers.ce_id }, 'key, ce_subject and userId differ'],
  ])('finds %s', (_, of, changed, mismatch) => {
    expect(contractMismatches(of, changed)).toContain(mismatch);
    expect(() => expectContract(of, changed)).toThrow();
  });

  it('checks records of the work topic by reading them', () => {
    const work = workRecord(toMessage(readFixture('UserRegistered').recorded) as Message);
    expect(contractMismatches('users.work.v1', work)).toEqual([]);
    expect(contractMismatches('users.work.v1', { ...work, value: '{' })).toEqual([
      'work record: {"reason":"not-json"}',
    ]);
    expect(contractMismatches('users.work.v1', { ...work, value: null })).toEqual([
      'work record: {"reason":"no-value"}',
    ]);
    expect(contractMismatches('users.work.v1', { ...work, key: undefined })).toHaveLength(1);
  });
});
