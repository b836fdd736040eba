import { expectContract } from '../../contracts/test/contractMismatches.js';
import type { TopicRecord } from './publishedRecords.js';

/** Records that were published, each of which is checked against the contract once, when they are read. */
export const checkedRecords = () => {
  const records: TopicRecord[] = [];
  let checked = 0;
  return {
    add: (...added: readonly TopicRecord[]): void => void records.push(...added),
    /** Fails the test if a record is not as the contract of its topic promises. */
    all: (): readonly TopicRecord[] => {
      for (const record of records.slice(checked)) expectContract(record.topic, record);
      checked = records.length;
      return records;
    },
  };
};
