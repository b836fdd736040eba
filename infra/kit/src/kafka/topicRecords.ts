import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import type { Message } from 'kafkajs';

/** Groups records by topic, as kafkajs sends them. Their order within a topic is kept. */
export const topicRecords = (records: readonly BrokerRecord[]): { topic: string; messages: Message[] }[] => {
  const byTopic = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of records) {
    const messages = byTopic.get(topic.name) ?? [];
    byTopic.set(topic.name, messages);
    messages.push({ key, value, headers: headers as Record<string, string> });
  }
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
};
