import { join } from 'node:path';
import type { Ports } from '../ports.js';

/** A further listener, for example for a proxy: clients that connect to it are sent to `advertisedPort` from then on. */
export interface ExtraListener {
  /** Capital letters, for example `PROXY`. */
  name: string;
  /** @default its own */
  advertisedPort?: number;
  /** Properties that begin with `listener.name.<name>.` say the rest. @default PLAINTEXT */
  protocol?: 'PLAINTEXT' | 'SSL' | 'SASL_SSL';
}

export type KafkaPorts = Ports<'broker' | 'controller' | (string & {})>;

export interface ServerPropertiesOptions {
  dataDir: string;
  ports: KafkaPorts;
  listeners: readonly ExtraListener[];
  /** Override the built-in ones. */
  properties: Readonly<Record<string, string>>;
}

/** The configuration of a single node that is broker and controller, on loopback. */
export const serverProperties = ({ dataDir, ports, listeners, properties }: ServerPropertiesOptions): string => {
  const own = ports.broker as number;
  const bound = [
    ['PLAINTEXT', own],
    ['CONTROLLER', ports.controller],
    ...listeners.map(({ name }) => [name, ports[name]]),
  ];
  const advertised = [
    ['PLAINTEXT', own],
    ...listeners.map(({ name, advertisedPort = ports[name] }) => [name, advertisedPort]),
  ];
  const protocols = new Map(listeners.map(({ name, protocol }) => [name, protocol]));
  const addresses = (list: unknown[][]) => list.map(([name, port]) => `${name}://127.0.0.1:${port}`).join(',');
  const values = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    listeners: addresses(bound),
    'advertised.listeners': addresses(advertised),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': bound
      .map(([name]) => `${name}:${protocols.get(String(name)) ?? 'PLAINTEXT'}`)
      .join(','),
    // Static voters: the same data folder starts on other ports.
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    'log.dirs': join(dataDir, 'data'),
    ...SINGLE_NODE,
    ...properties,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${escaped(value)}\n`)
    .join('');
};

/** What a broker without others needs, and what makes tests on it short. */
export const SINGLE_NODE = {
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '4',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'auto.create.topics.enable': 'false',
  // After kill -9 the next start waits until the old session has expired; by default 9 s.
  'broker.session.timeout.ms': '1500',
  'broker.heartbeat.interval.ms': '300',
  'log.cleaner.backoff.ms': '1000',
  'num.network.threads': '2',
  'num.io.threads': '4',
};

/** Java reads the file as ISO 8859-1, with the backslash as the escape character. */
const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
