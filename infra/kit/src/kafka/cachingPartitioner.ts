import kafkajs, { type ICustomPartitioner } from 'kafkajs';
import { partitionFaults, TopicMismatch } from './topicFaults.js';

const { Partitioners } = kafkajs;

const MAX_KEYS = 1_000;

/**
 * The partitions of the default partitioner, which every client computes alike, remembered for the last keys. kafkajs spends a
 * seventh of its time on hashing keys, and the records of a batch repeat theirs: each event of a user has several.
 *
 * Throws TopicMismatch once the topic has another number of partitions, which kafkajs notices within minutes: the keys would go to
 * other partitions, beside what they have in theirs.
 *
 * @param declared the number of partitions by topic.
 */
export const cachingPartitioner =
  (declared: ReadonlyMap<string, number>): ICustomPartitioner =>
  () => {
    const partitionOf = Partitioners.DefaultPartitioner();
    const known = new Map<string, number>();
    return (args) => {
      const found = args.partitionMetadata.length;
      const faults = partitionFaults({ name: args.topic, partitions: declared.get(args.topic) ?? found }, found);
      if (faults.length > 0) throw new TopicMismatch(faults);
      const { key } = args.message;
      if (typeof key !== 'string') return partitionOf(args);
      const id = `${found} ${key}`;
      const remembered = known.get(id);
      if (remembered !== undefined) return remembered;
      if (known.size >= MAX_KEYS) known.clear();
      const partition = partitionOf(args);
      known.set(id, partition);
      return partition;
    };
  };
