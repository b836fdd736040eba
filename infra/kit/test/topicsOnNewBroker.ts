import type { Topic } from '@ums/contracts/kafka/topics';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { ensureTopics } from '@ums/kit/kafka/ensureTopics';
import type { KafkaSettings } from '@ums/kit/kafka/kafkaClient';
import { until } from './until.js';

/** Creates topics on a broker that has only just started: on a busy machine its first answers take longer than a service waits. */
export const topicsOnNewBroker = (settings: KafkaSettings, topics: readonly Topic[]): Promise<void> =>
  until(() =>
    ensureTopics(settings, topics).then(
      () => true,
      (error: unknown) => {
        if (error instanceof DependencyUnavailable) return false;
        throw error;
      },
    ),
  );
