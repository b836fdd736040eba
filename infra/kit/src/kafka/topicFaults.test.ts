import { describe, expect, it } from '@jest/globals';
import { TopicMismatch, topicFaults } from './topicFaults.js';

const topic = { name: 'events', partitions: 12, config: { 'cleanup.policy': 'compact', 'retention.ms': '1000' } };
const asDeclared = { partitions: 12, config: new Map(Object.entries(topic.config)) };

describe('topicFaults', () => {
  it('accepts a topic as it was declared, whatever else is set', () => {
    expect(topicFaults(topic, asDeclared)).toEqual([]);
    const config = new Map([...asDeclared.config, ['compression.type', 'producer']]);
    expect(topicFaults(topic, { ...asDeclared, config })).toEqual([]);
  });

  it('says what to do about each setting that differs', () => {
    const config = new Map([['cleanup.policy', 'delete']]);
    const faults = topicFaults(topic, { partitions: 3, config });
    expect(faults).toHaveLength(3);
    expect(faults[0]).toMatch(/^events has 3 partitions, expected 12\. .*delete the topic/);
    expect(faults[1]).toMatch(/cleanup\.policy=delete, expected compact\. .*--add-config cleanup\.policy=compact$/);
    expect(faults[2]).toMatch(/has no retention\.ms, expected 1000/);
    expect(new TopicMismatch(faults).message.split('\n')).toHaveLength(4);
  });

  it('reports a topic of which the broker says nothing', () => {
    expect(topicFaults(topic, { partitions: undefined, config: undefined })).toHaveLength(3);
  });
});
