import { describe, expect, it } from '@jest/globals';
import {
  CHECKPOINTS_TOPIC,
  deadLetterTopic,
  EVENTS_TOPIC,
  PUBLIC_TOPICS,
  PUBLISHED_TOPICS,
  STATE_TOPIC,
  WORK_TOPIC,
} from './topics.js';

const WEEK_MS = 7 * 86_400_000;

describe('the topics', () => {
  it('have the same number of partitions, so that a user has the same one in each', () => {
    for (const { name, partitions } of PUBLISHED_TOPICS) expect([name, partitions]).toEqual([name, 12]);
  });

  it('keep tombstones for at least a week, and no record of a deleted user in the state topic for much longer than a day', () => {
    const { config } = STATE_TOPIC;
    expect(Number(config['delete.retention.ms'])).toBeGreaterThanOrEqual(WEEK_MS);
    expect(Number(config['max.compaction.lag.ms'])).toBeLessThanOrEqual(86_400_000);
  });

  it('let a consumer be absent for as long in the state topic as in the event topic', () => {
    expect(STATE_TOPIC.config['delete.retention.ms']).toBe(EVENTS_TOPIC.config['retention.ms']);
  });

  it('keep every checkpoint, in one order', () => {
    const { partitions, config } = CHECKPOINTS_TOPIC;
    expect([partitions, config['cleanup.policy'], config['retention.ms']]).toEqual([1, 'delete', '-1']);
  });

  it('are each declared once, and the work topic is not public', () => {
    const names = [...PUBLISHED_TOPICS, CHECKPOINTS_TOPIC, deadLetterTopic('mails')].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(PUBLIC_TOPICS).not.toContain(WORK_TOPIC);
  });
});

describe('deadLetterTopic', () => {
  it('names a topic for each consumer, and refuses a name that is none', () => {
    expect(deadLetterTopic('mails')).toMatchObject({ name: 'users.work.v1.dead.mails', partitions: 1 });
    for (const name of ['', 'Mails', 'a.b', '-a', 'a/b']) expect(() => deadLetterTopic(name)).toThrow(RangeError);
  });
});
