import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { Fenced } from '@ums/kit/kafka/kafkaFailure';
import type { BrokerSession } from '@ums/projector/publisher/brokerSession';
import type { Cluster } from '@ums/projector/publisher/cluster';
import { checkedRecords } from './checkedRecords.js';

type Send = 'states' | 'events';

/** A broker in memory that keeps what it is sent, fences old sessions, and fails where a test says so. */
export const fakeBroker = () => {
  const stored = checkedRecords();
  let newest = 0;
  const broker = {
    /** All records, in the order in which they were stored. Fails the test if one is not as the contract promises. */
    get records() {
      return stored.all();
    },
    /** The sizes of the sends so far. */
    sends: [] as number[],
    /** Called before a send takes effect, and after it; may throw. */
    onSend: async (_moment: 'before' | 'after', _send: Send, _records: readonly BrokerRecord[]): Promise<void> =>
      undefined,
    /** By default it tells none. */
    clusterId: undefined as string | undefined,
    /** Event logs that the consumers of its work topic have read. */
    consumedLogs: [] as string[],
    openSession: async (accept?: (cluster: Cluster) => Promise<void>): Promise<BrokerSession> => {
      const { clusterId } = broker;
      await accept?.({ id: clusterId, consumedLogs: async () => broker.consumedLogs });
      const own = ++newest;
      let isDestroyed = false;
      const send = (kind: Send) => async (sent: readonly BrokerRecord[]) => {
        if (isDestroyed) throw new DependencyUnavailable('kafka');
        if (kind === 'states' && own !== newest) throw new Fenced();
        await broker.onSend('before', kind, sent);
        if (isDestroyed) throw new DependencyUnavailable('kafka');
        broker.sends.push(sent.length);
        stored.add(...sent.map((record) => ({ ...record, topic: record.topic.name })));
        await broker.onSend('after', kind, sent);
      };
      return {
        clusterId,
        sendStates: send('states'),
        sendEvents: send('events'),
        destroy: () => {
          isDestroyed = true;
        },
      };
    },
  };
  return broker;
};

export type FakeBroker = ReturnType<typeof fakeBroker>;
