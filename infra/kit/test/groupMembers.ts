import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;

/** The number of members of a consumer group that have their partitions; 0 while the group is rebalancing. */
export const groupMembers = async (brokers: readonly string[], groupId: string): Promise<number> => {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups([groupId]);
    return groups[0]?.state === 'Stable' ? groups[0].members.length : 0;
  } finally {
    await admin.disconnect();
  }
};
