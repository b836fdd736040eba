import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { createLog } from '../log.js';
import { kafkaLog } from './kafkaLog.js';

/** The error that kafkajs makes of an error code of the protocol. */
const { createErrorFromCode } = createRequire(import.meta.url)('kafkajs/src/protocol/error.js') as {
  createErrorFromCode(code: number): Error;
};

const linesOf = (entries: object[], isMuted = false): Record<string, unknown>[] => {
  const lines: string[] = [];
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const write = kafkaLog(log, () => isMuted)(kafkajs.logLevel.WARN);
  for (const entry of entries)
    write({
      namespace: 'Connection',
      level: kafkajs.logLevel.ERROR,
      label: 'ERROR',
      log: { timestamp: '', message: '', ...entry },
    });
  return lines.map((line) => JSON.parse(line));
};

describe('kafkaLog', () => {
  it('writes a warning with the component and the kind of fault', () => {
    expect(linesOf([{ message: 'Connection error: connect ECONNREFUSED 127.0.0.1:9092' }])).toMatchObject([
      { level: 'warn', dependency: 'kafka', reason: 'Connection: Connection error' },
    ]);
    expect(linesOf([{ message: 'Response Produce(key: 0, version: 7)', error: 'refused' }])).toMatchObject([
      { reason: 'Connection: Response Produce' },
    ]);
  });

  it('L-02 leaves out what a handler threw', () => {
    const lines = linesOf([
      { message: 'Crash: Error: ada@example.org is unknown', error: 'ada@example.org', stack: 'ada' },
    ]);
    expect(lines).toMatchObject([{ reason: 'Connection: Crash' }]);
    expect(JSON.stringify(lines)).not.toContain('ada');
  });

  it('is silent about a transaction that is still being completed, and about a client that was thrown away', () => {
    const error =
      'The producer attempted to update a transaction while another concurrent operation on the same transaction was ongoing';
    const entries = [
      { message: 'Response AddPartitionsToTxn(key: 24)', error },
      { message: `Failed to send: ${error}` },
    ];
    expect(linesOf(entries)).toEqual([]);
    expect(linesOf([{ message: 'Connection timeout' }], true)).toEqual([]);
  });

  it.each([
    ...[3, 5, 6, 14, 15, 16, 27, 41].map((code) => ({ message: 'Response Any(key: 1)', code })),
    ...[5, 6].map((code) => ({ message: `Failed to send messages: ${createErrorFromCode(code).message}`, code })),
    { message: 'The group is rebalancing, re-joining', code: 27 },
    { message: 'Consumer is not aware of all assigned partitions, refreshing metadata', code: 0 },
    { message: 'Topic has been updated, resync group', code: 0 },
  ])('writes once, as information, that a request is repeated: $message, code $code', ({ message, code }) => {
    const entry = { message, error: createErrorFromCode(code).message };
    expect(linesOf([entry, entry])).toMatchObject([{ level: 'info', msg: 'kafka client repeats a request' }]);
  });

  it('warns when repeating did not help, and of an answer that no repeat changes', () => {
    const given = `Crash: KafkaJSNumberOfRetriesExceeded: ${createErrorFromCode(15).message}`;
    const entries = [{ message: given }, { message: 'Response Any(key: 1)', error: createErrorFromCode(30).message }];
    expect(
      linesOf([...entries, { message: 'Response Any(key: 1)', error: createErrorFromCode(56).message }]),
    ).toMatchObject([
      { level: 'warn', reason: 'Connection: Crash' },
      { level: 'warn', reason: 'Connection: Response Any' },
      { level: 'warn', reason: 'Connection: Response Any' },
    ]);
  });
});
