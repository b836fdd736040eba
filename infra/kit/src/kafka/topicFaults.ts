import type { Topic } from '@ums/contracts/kafka/topics';
import { StartRefused } from '../startRefused.js';

/** Topics exist with other settings than this version relies on. The message says how to change each. */
export class TopicMismatch extends StartRefused {
  override readonly name = 'TopicMismatch';

  constructor(readonly faults: readonly string[]) {
    super(
      `The Kafka topics differ from what this version relies on:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  }
}

/** The settings of a topic at the broker; `undefined` where its answer has none. */
export interface FoundTopic {
  partitions: number | undefined;
  config: ReadonlyMap<string, string> | undefined;
}

/** One sentence if a topic has another number of partitions than its declaration. */
export const partitionFaults = (
  { name, partitions }: Pick<Topic, 'name' | 'partitions'>,
  found: number | undefined,
): string[] =>
  found === partitions
    ? []
    : [
        `${name} has ${found ?? 'no'} partitions, expected ${partitions}. The order of each key depends on the ` +
          'number, so it cannot be changed in place: delete the topic, and publish into a new one.',
      ];

/** How a topic differs from its declaration, and what to do about it: one sentence for each setting. */
export const topicFaults = ({ name, partitions, config }: Topic, found: FoundTopic): string[] => {
  const faults = partitionFaults({ name, partitions }, found.partitions);
  for (const [setting, expected] of Object.entries(config)) {
    const actual = found.config?.get(setting);
    if (actual !== expected)
      faults.push(
        `${name} has ${actual === undefined ? `no ${setting}` : `${setting}=${actual}`}, expected ${expected}. Change it with kafka-configs.sh --alter ` +
          `--entity-type topics --entity-name ${name} --add-config ${setting}=${expected}`,
      );
  }
  return faults;
};
