import { parseWorkRecord } from '@ums/contracts/kafka/parseWorkRecord';
import { deadLetterTopic, WORK_TOPIC } from '@ums/contracts/kafka/topics';
import type { Message } from '@ums/contracts/messages/message';
import type { KafkaSettings } from '../kafka/kafkaClient.js';
import { readPartition } from '../kafka/readPartition.js';
import { recordWriter } from '../kafka/recordWriter.js';
import type { DeadLetter, DeadLetterBox } from './deadLetter.js';
import { openLetters, originOf, redrivenRecord, settledRecord } from './deadLetterRecord.js';

/** The dead letters in the topics of these consumers, for an operator. */
export const deadLetterTopics = (kafka: KafkaSettings, consumers: readonly string[]): DeadLetterBox => ({
  list: async () => {
    const letters: DeadLetter[] = [];
    for (const consumer of consumers) {
      const topic = deadLetterTopic(consumer).name;
      letters.push(...openLetters(consumer, await readPartition(kafka, { topic, partition: 0 })));
    }
    return letters;
  },
  redrive: async (letters) => {
    const writer = recordWriter(kafka);
    let redriven = 0;
    try {
      for (const letter of letters) {
        const message = letter.message ?? (await originalMessage(kafka, letter));
        if (message === undefined) continue;
        await writer.write(redrivenRecord(letter.consumer, message));
        // A crash before this record repeats the redrive, with the same event id.
        await writer.write(settledRecord(letter));
        redriven += 1;
      }
    } finally {
      writer.close();
    }
    return { redriven, kept: letters.length - redriven };
  },
});

/** The message of a record that could not be read when it arrived; `undefined` if that has not changed, or the record is gone. */
const originalMessage = async (kafka: KafkaSettings, letter: DeadLetter): Promise<Message | undefined> => {
  const { partition, offset } = originOf(letter);
  const range = { topic: WORK_TOPIC.name, partition, from: offset, to: offset + 1n };
  const [record] = await readPartition(kafka, range);
  const parsed = record && parseWorkRecord(record);
  return parsed !== undefined && 'message' in parsed ? parsed.message : undefined;
};
