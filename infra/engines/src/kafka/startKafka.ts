import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { EngineProcess } from '../engineProcess.js';
import { classArchiveOptions } from '../install/classArchive.js';
import { type EngineRecipe, type Installation, installEngine } from '../install/installEngine.js';
import type { OnProgress } from '../install/installOnce.js';
import { startJvm } from '../jvmProcess.js';
import { startOnPorts } from '../ports.js';
import type { RealEngineFailed } from '../realEngineFailed.js';
import { waitUntilReady } from '../waitUntilReady.js';
import { type ExtraListener, type KafkaPorts, serverProperties } from './serverProperties.js';

export const KAFKA: EngineRecipe = {
  name: 'Kafka',
  version: '4.4.0',
  // Kafka brings log4j and slf4j 1.7, but nothing that connects them.
  artifacts: ['org.apache.kafka:kafka_2.13:4.4.0', 'org.apache.logging.log4j:log4j-slf4j-impl:2.25.5'],
  launchers: ['Guard'],
};

export interface KafkaOptions {
  /** The data folder; created when missing. A restart on it keeps topics, offsets and ports. */
  dataDir: string;
  /** 0: a new port, chosen by the system. @default the port of the last start on this folder, else a new one */
  port?: number;
  listeners?: readonly ExtraListener[];
  /** Properties of the broker that override the built-in ones. */
  properties?: Readonly<Record<string, string>>;
  /** Passwords of users for SCRAM-SHA-512, by their names; made with the data folder. Other programs can see them in its command. */
  scramUsers?: Readonly<Record<string, string>>;
  /** Called with the progress of the first start, which downloads Kafka. */
  onProgress?: OnProgress;
  /** Called when the broker ends without `stop` or `kill`. */
  onFatal?: (error: RealEngineFailed) => void;
}

export interface Kafka {
  /** `127.0.0.1:<port>`, the value of KAFKA_BROKERS. */
  brokers: string;
  port: number;
  version: string;
  pid: number;
  /** The port on which an extra listener accepts connections. */
  listenerPort(name: string): number;
  /** Ends the broker in order; everything acknowledged is on disk. */
  stop(): Promise<void>;
  /** Ends the broker with SIGKILL. */
  kill(): Promise<void>;
}

/**
 * Starts a Kafka broker on 127.0.0.1, without authentication, and resolves once it serves clients. The first start downloads
 * it with Maven.
 * @throws RealEngineFailed with the broker's last lines; nothing is left running then.
 */
export const startKafka = async (options: KafkaOptions): Promise<Kafka> => {
  const { onProgress = () => undefined } = options;
  const installation = await installEngine(KAFKA, onProgress);
  const train = async (dataDir: string, jvmOptions: readonly string[]) => {
    const broker = await startInstalled(installation, { dataDir }, jvmOptions);
    await broker.stop();
  };
  const jvmOptions = await classArchiveOptions(installation, LABEL, train, onProgress);
  return await startInstalled(installation, options, jvmOptions);
};

const LABEL = `${KAFKA.name} ${KAFKA.version}`;

const startInstalled = async (
  installation: Installation,
  options: KafkaOptions,
  jvmOptions: readonly string[],
): Promise<Kafka> => {
  const { port, listeners = [], properties = {}, scramUsers = {}, onFatal = () => undefined } = options;
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const config = configIn(dataDir);
  const formatOptions = jvmOptions.filter((option) => !option.startsWith('-XX:ArchiveClassesAtExit'));
  const launch = async (ports: KafkaPorts): Promise<Kafka> => {
    await writeFile(config, serverProperties({ dataDir, ports, listeners, properties }));
    if (!existsSync(join(dataDir, 'data', 'meta.properties')))
      await format(installation, { dataDir, scramUsers }, formatOptions);
    const jvm = await startJvm({
      label: LABEL,
      installation,
      dataDir,
      options: jvmOptions,
      main: ['kafka.Kafka', config],
    });
    await waitUntilReady(jvm, () => startedLine(jvm));
    const brokerPort = ports.broker as number;
    let ending = false;
    const end = (how: () => Promise<void>) => () => {
      ending = true;
      return how();
    };
    void jvm.ended.then((how) => ending || onFatal(jvm.failure(`ended unexpectedly (${how})`)));
    return {
      brokers: `127.0.0.1:${brokerPort}`,
      port: brokerPort,
      version: KAFKA.version,
      pid: jvm.pid,
      listenerPort: (name) => ports[name] as number,
      stop: end(jvm.stop),
      kill: end(jvm.kill),
    };
  };
  const names = ['broker', 'controller', ...listeners.map(({ name }) => name)];
  return await startOnPorts({ dataDir, names, fixed: port === undefined ? {} : { broker: port } }, launch);
};

const configIn = (dataDir: string): string => join(dataDir, 'server.properties');

const CLUSTER_ID_BYTES = 16;

/** Prepares the data folder, once. */
const format = async (
  installation: Installation,
  { dataDir, scramUsers }: Required<Pick<KafkaOptions, 'dataDir' | 'scramUsers'>>,
  jvmOptions: readonly string[],
): Promise<void> => {
  const clusterId = randomBytes(CLUSTER_ID_BYTES).toString('base64url');
  // As one argument: an id that begins with `-` would be taken for an option.
  const main = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', configIn(dataDir)];
  for (const [name, password] of Object.entries(scramUsers))
    main.push('--add-scram', `SCRAM-SHA-512=[name=${name},password=${password}]`);
  const jvm = await startJvm({ label: LABEL, installation, dataDir, options: jvmOptions, main });
  const end = await jvm.ended;
  if (end !== 'code 0') throw jvm.failure(`cannot prepare its data folder: it ended with ${end}`);
};

const startedLine = (jvm: EngineProcess): Promise<void> =>
  new Promise((done) => jvm.onLine((line) => line.includes('Kafka Server started') && done()));
