import { afterAll } from '@jest/globals';
import type { Kafka, KafkaOptions } from '../src/kafka/startKafka.js';
import { ownKafka } from './engineForTests.js';
import { type KafkaProxy, startKafkaProxy } from './kafkaProxy.js';

export interface ProxiedKafka {
  kafka: Kafka;
  proxy: KafkaProxy;
  /** Clients that connect here stay behind the proxy, because the broker advertises it to them. */
  brokers: string;
}

const proxies: KafkaProxy[] = [];
afterAll(async () => {
  for (const proxy of proxies.splice(0)) await proxy.close();
});

/**
 * Starts a broker with a second listener behind a fault proxy; both end with the file. The broker's own address is not
 * affected by the faults. To restart the broker on its folder, pass the proxy again.
 */
export const proxiedKafka = async (
  options: Partial<KafkaOptions> = {},
  running?: KafkaProxy,
): Promise<ProxiedKafka> => {
  const proxy = running ?? (await startKafkaProxy());
  if (running === undefined) proxies.push(proxy);
  const kafka = await ownKafka({ ...options, listeners: [{ name: 'PROXY', advertisedPort: proxy.port }] });
  proxy.forwardTo(kafka.listenerPort('PROXY'));
  return { kafka, proxy, brokers: `127.0.0.1:${proxy.port}` };
};
