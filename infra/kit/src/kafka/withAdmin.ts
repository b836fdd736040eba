import type { Admin } from 'kafkajs';
import { type KafkaSettings, kafkaClient } from './kafkaClient.js';
import { kafkaFailure } from './kafkaFailure.js';

/** Runs `work`, which only calls the broker, with an admin client of its own. @throws DependencyUnavailable */
export const withAdmin = async <T>(settings: KafkaSettings, work: (admin: Admin) => Promise<T>): Promise<T> => {
  const client = kafkaClient(settings);
  const admin = client.kafka.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    throw kafkaFailure(error);
  } finally {
    client.destroy();
    admin.disconnect().catch(() => undefined);
  }
};
