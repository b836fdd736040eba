import { setTimeout as sleep } from 'node:timers/promises';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import type { RecordProducer } from '@ums/kit/kafka/producer';

const ATTEMPTS = 3;
const PAUSE_MS = 300;

/**
 * A producer for an operator's command: opens another one and sends the records again when a broker did not answer. Records may
 * repeat.
 */
export const resending = (open: () => Promise<RecordProducer>): RecordProducer => {
  let producer: RecordProducer | undefined;
  const destroy = (): void => {
    producer?.destroy();
    producer = undefined;
  };
  return {
    destroy,
    send: async (records) => {
      for (let attempt = 1; ; attempt++) {
        try {
          producer ??= await open();
          return await producer.send(records);
        } catch (error) {
          destroy();
          if (attempt === ATTEMPTS || !(error instanceof DependencyUnavailable)) throw error;
          await sleep(PAUSE_MS * attempt);
        }
      }
    },
  };
};
