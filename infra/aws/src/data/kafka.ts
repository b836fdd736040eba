import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnBatchScramSecret, CfnCluster, CfnConfiguration } from 'aws-cdk-lib/aws-msk';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { encryptedLogGroup } from '../keys/encryptedLogGroup.js';
import type { KeyStore } from '../keys/keysStack.js';
import { kafkaClusterParameter, nameOf } from '../naming/names.js';
import type { Network } from '../network/networkStack.js';
import type { EnvironmentName, EnvironmentSize } from '../size/environments.js';

const KAFKA_VERSION = '3.9.x.kraft';

/** Settings of the brokers. The services create their topics with the default replication factor. */
const properties = (brokers: number): string => {
  const replicas = Math.min(3, brokers);
  return [
    'auto.create.topics.enable=false',
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${replicas - 1}`,
    'unclean.leader.election.enable=false',
    `offsets.topic.replication.factor=${replicas}`,
    `transaction.state.log.replication.factor=${replicas}`,
    `transaction.state.log.min.isr=${replicas - 1}`,
  ].join('\n');
};

/** Kafka without plain text: clients use TLS and SCRAM, brokers TLS among themselves. */
export const kafka = (
  scope: Construct,
  environment: EnvironmentName,
  size: EnvironmentSize,
  { network, keys, secrets }: KeyStore & { network: Network },
): CfnCluster => {
  const { instance, brokers, volumeGb } = size.kafka;
  const configuration = new CfnConfiguration(scope, 'kafka-configuration', {
    name: nameOf(environment, 'kafka'),
    serverProperties: properties(brokers),
  });
  const logs = encryptedLogGroup(scope, 'kafka-logs', { name: `/ums/${environment}/kafka`, size, keys });
  const cluster = new CfnCluster(scope, 'kafka', {
    clusterName: nameOf(environment, 'kafka'),
    kafkaVersion: KAFKA_VERSION,
    numberOfBrokerNodes: brokers,
    brokerNodeGroupInfo: {
      instanceType: instance,
      clientSubnets: network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      securityGroups: [network.groups.kafka.securityGroupId],
      connectivityInfo: { publicAccess: { type: 'DISABLED' } },
      storageInfo: { ebsStorageInfo: { volumeSize: volumeGb } },
    },
    configurationInfo: { arn: configuration.attrArn, revision: configuration.attrLatestRevisionRevision },
    clientAuthentication: { sasl: { scram: { enabled: true } }, unauthenticated: { enabled: false } },
    encryptionInfo: {
      encryptionAtRest: { dataVolumeKmsKeyId: keys.data.keyArn },
      encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
    },
    enhancedMonitoring: 'PER_TOPIC_PER_BROKER',
    loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: logs.logGroupName } } },
  });
  cluster.applyRemovalPolicy(size.protected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
  new CfnBatchScramSecret(scope, 'kafka-user', { clusterArn: cluster.ref, secretArnList: [secrets.kafka.ref] });
  // CloudFormation does not know the addresses of the brokers: the build of the bundles asks MSK for them.
  new StringParameter(scope, 'kafka-cluster', {
    parameterName: kafkaClusterParameter(environment),
    stringValue: cluster.ref,
  });
  return cluster;
};
