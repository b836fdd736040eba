import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WORK_TOPIC } from '@ums/contracts/kafka/topics';
import kafkajs, { type Kafka as KafkaClient } from 'kafkajs';
import { describeOnOwn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownKafka } from '../../../engines/test/engineForTests.js';
import { consumerTestbed } from '../../test/consumerTestbed.js';
import { kafkaAdapter } from '../../test/kafkaAdapter.js';
import { until } from '../../test/until.js';
import { silentLog } from '../log.js';
import { workGroup } from './kafkaSourceOptions.js';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, ResourcePatternTypes } = kafkajs;

/** A consumer that waits for an operator tries again every half minute. */
const RECOVERY_MS = 90_000;

describeOnOwn(['Kafka'], 'a consumer that the access lists of the broker refuse', () => {
  const adapter = kafkaAdapter();
  let client: KafkaClient;
  beforeAll(async () => {
    const authorizer = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer';
    const properties = { 'authorizer.class.name': authorizer, 'allow.everyone.if.no.acl.found': 'true' };
    const kafka = await ownKafka({ properties });
    await adapter.connect({ brokers: [kafka.brokers], clientId: 'test', log: silentLog });
    client = new Kafka({ brokers: [kafka.brokers], logLevel: kafkajs.logLevel.NOTHING });
  }, ENGINE_START_TIMEOUT_MS);
  const testbed = consumerTestbed(adapter);
  const { append, consume, reached } = testbed;
  afterAll(() => adapter.close());

  /** Forbids reading a resource. @returns a function that allows it again */
  const refuse = async (resourceType: number, resourceName: string): Promise<() => Promise<void>> => {
    const admin = client.admin();
    await admin.connect();
    const entry = {
      ...{ resourceType, resourceName, resourcePatternType: ResourcePatternTypes.LITERAL },
      ...{ principal: 'User:ANONYMOUS', host: '*', operation: AclOperationTypes.READ },
      permissionType: AclPermissionTypes.DENY,
    };
    await admin.createAcls({ acl: [entry] });
    return async () => {
      await admin.deleteAcls({ filters: [entry] });
      await admin.disconnect();
    };
  };

  it.each([
    ['topic', AclResourceTypes.TOPIC, () => WORK_TOPIC.name, 'TOPIC_AUTHORIZATION_FAILED'],
    ['group', AclResourceTypes.GROUP, () => workGroup(testbed.consumerName()), 'GROUP_AUTHORIZATION_FAILED'],
  ] as const)(
    'F-20 says so, waits, and goes on when it may read the %s again',
    async (_, type, nameOf, reason) => {
      const handled: string[] = [];
      const reasons: unknown[] = [];
      const error = (message: string, fields?: { reason?: unknown }) =>
        void (message === 'consumer waits for an operator' && reasons.push(fields?.reason));
      const first = await append();
      await consume(
        async ({ eventId }) => {
          handled.push(eventId);
          return 'done';
        },
        { log: { ...silentLog, error } },
      );
      await reached(first.position);
      const allow = await refuse(type, nameOf());
      await until(() => reasons.length > 0, RECOVERY_MS);
      expect(reasons).toEqual([reason]);
      await allow();
      const last = await append('UserErased', first.userId);
      await reached(last.position, RECOVERY_MS);
      expect(handled).toEqual([first.id, last.id]);
    },
    2 * RECOVERY_MS,
  );
});
