import { WORK_TOPIC } from '@ums/contracts/kafka/topics';
import { isUuid } from '@ums/contracts/uuid';
import type { KafkaSettings } from '../kafka/kafkaClient.js';
import { withAdmin } from '../kafka/withAdmin.js';
import { groupOffsets } from './groupOffsets.js';
import { workGroup } from './kafkaSourceOptions.js';

/**
 * The identities of the event logs on which consumers of the work topic have committed their progress. A broker leaves out groups
 * that its access lists hide, and commits of other tools name no log.
 *
 * @throws DependencyUnavailable
 */
export const consumedLogs = async (settings: KafkaSettings): Promise<string[]> => {
  const groups = await withAdmin(settings, async (admin) =>
    (await admin.listGroups()).groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(workGroup(''))),
  );
  const offsets = await Promise.all(groups.map((group) => groupOffsets(settings, group, WORK_TOPIC.name)));
  return offsets.flat().flatMap(({ metadata }) => {
    const [logId] = metadata.split(' ');
    return isUuid(logId) ? [logId] : [];
  });
};
