import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { TopicMismatch } from '../kafka/topicFaults.js';
import { StartRefused } from '../startRefused.js';
import { Stalled } from './groupWatch.js';
import { isFinal, refusedAccess } from './memberFailure.js';

const { KafkaJSConnectionError, KafkaJSNonRetriableError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } =
  kafkajs;

const refusal = (type: string, code: number, retriable: boolean) =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, code, retriable }));

describe('isFinal', () => {
  it.each([
    ['a foreign log', new StartRefused('the checkpoint belongs to another log')],
    ['a defect', new TypeError('x is not a function')],
    ['a defect that kafkajs reports', Object.assign(new KafkaJSNonRetriableError('x'), { cause: new TypeError('x') })],
    ['another protocol', refusal('INCONSISTENT_GROUP_PROTOCOL', 23, false)],
    ['something that is no error', 'text'],
  ])('ends the consumer for %s', (_, error) => expect(isFinal(error)).toBe(true));

  it.each([
    ['topics that an operator must change', new TopicMismatch(['a topic'])],
    ['a broker that is away', new DependencyUnavailable('kafka')],
    ['a lost connection', new KafkaJSConnectionError('closed', {})],
    [
      'a lost connection after all retries',
      new KafkaJSNumberOfRetriesExceeded(new Error('closed'), { retryCount: 5, retryTime: 1 }),
    ],
    [
      'a coordinator that is not elected',
      Object.assign(new Error(), { name: 'KafkaJSGroupCoordinatorNotFound', retriable: false }),
    ],
    ['a coordinator that loads its groups', refusal('GROUP_LOAD_IN_PROGRESS', 14, true)],
    ['a stall', new Stalled()],
    ['a group that is not allowed', refusal('GROUP_AUTHORIZATION_FAILED', 30, false)],
    [
      'a topic that is not allowed',
      Object.assign(new KafkaJSNonRetriableError('x'), { cause: refusal('TOPIC_AUTHORIZATION_FAILED', 29, false) }),
    ],
  ])('replaces the member after %s', (_, error) => expect(isFinal(error)).toBe(false));
});

describe('refusedAccess', () => {
  it('names what access lists refuse, also below other errors', () => {
    const refused = refusal('TOPIC_AUTHORIZATION_FAILED', 29, false);
    expect(refusedAccess(new DependencyUnavailable('kafka', refused))).toBe('TOPIC_AUTHORIZATION_FAILED');
    for (const other of [refusal('INVALID_GROUP_ID', 24, false), new TypeError('x'), 'text', undefined])
      expect(refusedAccess(other)).toBeUndefined();
  });
});
