import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fixtureNames, readFixture } from '../../test/fixture.js';
import { type Message, toMessage } from '../messages/message.js';
import { type InvalidRecord, parseWorkRecord, type ReceivedRecord } from './parseWorkRecord.js';
import { workRecord } from './workRecord.js';

const messageOf = (name: string) => toMessage(readFixture(name).recorded) as Message;
const message = messageOf('RegistrationRequested');
const bytes = (text: string) => new TextEncoder().encode(text);
const pointer = { stream: message.pointer.stream, revision: '0', type: 'RegistrationRequested', position: '1000' };

/** The record of a message as a consumer receives it. */
const received = (of: Message = message): ReceivedRecord & { headers: Record<string, Uint8Array> } => {
  const { key, value, headers } = workRecord(of);
  return {
    key: bytes(key),
    value: bytes(String(value)),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, bytes(text)])),
  };
};

const withValue = (value: unknown): ReceivedRecord => ({ ...received(), value: bytes(JSON.stringify(value)) });
const withHeader = (name: string, value: string | undefined | string[]): ReceivedRecord => {
  const { [name]: _replaced, ...headers } = received().headers;
  return { ...received(), headers: value === undefined ? headers : { ...headers, [name]: value } };
};

describe('workRecord', () => {
  it('is read back as the message without its content', () => {
    for (const name of fixtureNames()) {
      const original = messageOf(name);
      expect(parseWorkRecord(received(original))).toEqual({ message: { ...original, content: undefined } });
    }
  });

  it('keeps revisions and positions above the integers of JSON', () => {
    const large = { ...message, pointer: { ...message.pointer, revision: 2n ** 63n, position: 2n ** 64n - 1n } };
    expect(parseWorkRecord(received(large))).toEqual({ message: large });
  });

  it('G-01 contains a pointer only', () => {
    expect(Object.keys(JSON.parse(String(workRecord(messageOf('UserRegistered')).value)))).toEqual([
      ...['stream', 'revision', 'type', 'position'],
    ]);
  });
});

describe('parseWorkRecord', () => {
  const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d);
  it.each<[string, ReceivedRecord, InvalidRecord]>([
    ['without value', { ...received(), value: null }, { reason: 'no-value' }],
    ['that is broken JSON', { ...received(), value: bytes('{') }, { reason: 'not-json' }],
    ['that is empty', { ...received(), value: bytes('') }, { reason: 'not-json' }],
    ['with a byte order mark', { ...received(), value: BYTE_ORDER_MARK }, { reason: 'not-json' }],
    ['that is not UTF-8', { ...received(), value: Uint8Array.of(0x7b, 0xff, 0x7d) }, { reason: 'not-utf8' }],
    ['in UTF-16', { ...received(), value: Buffer.from('\ufeff{}', 'utf16le') }, { reason: 'not-utf8' }],
    ['of 2 MB', { ...received(), value: new Uint8Array(2_000_000) }, { reason: 'too-large' }],
    ['of an unknown type', withHeader('ce_type', 'users.pictures.v1'), { reason: 'unknown-type' }],
    ['of an unknown version', withHeader('ce_type', 'users.work.v2'), { reason: 'unknown-version' }],
  ])('F-21 refuses a value %s', (_, record, reason) => {
    expect(parseWorkRecord(record)).toEqual({ invalid: reason });
  });

  it.each<[string, ReceivedRecord]>([
    ['value', withValue(null)],
    ['value', withValue(7)],
    ['stream', withValue([])],
    ['stream', withValue({ ...pointer, stream: undefined })],
    ['stream', withValue({ ...pointer, stream: 'elsewhere-1' })],
    ['revision', withValue({ ...pointer, revision: undefined })],
    ['revision', withValue({ ...pointer, revision: 0 })],
    ['revision', withValue({ ...pointer, revision: '-1' })],
    ['position', withValue({ ...pointer, position: '0x10' })],
    ['position', withValue({ ...pointer, position: '18446744073709551616' })],
    ['type', withValue({ ...pointer, type: undefined })],
    ['type', withValue({ ...pointer, type: '' })],
    ['key', { ...received(), key: null }],
    ['key', { ...received(), key: Uint8Array.of(0xff) }],
    ['key', { ...received(), key: bytes('0199c0de-0000-4000-8000-00000000ffff') }],
    ['ce_specversion', { ...received(), headers: undefined }],
    ['ce_specversion', withHeader('ce_specversion', '2.0')],
    ['ce_type', withHeader('ce_type', undefined)],
    ['ce_type', withHeader('ce_type', 'users.work')],
    ['ce_type', withHeader('ce_type', ['users.work.v1', 'users.work.v2'])],
    ['ce_id', withHeader('ce_id', undefined)],
    ['ce_id', withHeader('ce_id', 'e7')],
    ['ce_correlationid', withHeader('ce_correlationid', 'ada@example.org')],
    ['content-type', withHeader('content-type', 'application/cloudevents+json')],
  ])('F-21 names the field that is missing or malformed: %s', (field, record) => {
    expect(parseWorkRecord(record)).toEqual({ invalid: { reason: 'malformed-field', field } });
  });

  it('F-21 never throws and never repeats what it read', () => {
    const part = fc.oneof(fc.uint8Array(), fc.json({ maxDepth: 2 }).map(bytes));
    const headers = fc.dictionary(fc.string(), fc.oneof(part, fc.string(), fc.array(fc.string())));
    const record = fc.record({ key: fc.option(part), value: fc.option(part), headers });
    fc.assert(
      fc.property(record, fc.boolean(), (random, hasValidHeaders) => {
        const given = hasValidHeaders ? { ...random, headers: { ...random.headers, ...received().headers } } : random;
        const parsed = parseWorkRecord(given);
        expect(Object.keys('invalid' in parsed ? parsed.invalid : {})[0]).toBe('reason');
      }),
    );
  });
});
