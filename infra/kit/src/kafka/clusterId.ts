import type { KafkaSettings } from './kafkaClient.js';
import { withAdmin } from './withAdmin.js';

/** The id of the cluster that the brokers form; `undefined` where they tell none. @throws DependencyUnavailable */
export const clusterId = (settings: KafkaSettings): Promise<string | undefined> =>
  withAdmin(settings, async (admin) => {
    // The type of kafkajs does not say that the broker may answer null.
    const { clusterId: id }: { clusterId: string | null } = await admin.describeCluster();
    return id || undefined;
  });
