import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { classArchiveOptions } from '../install/classArchive.js';
import { type EngineRecipe, type Installation, installEngine } from '../install/installEngine.js';
import type { OnProgress } from '../install/installOnce.js';
import { startJvm } from '../jvmProcess.js';
import { startOnPorts } from '../ports.js';
import type { RealEngineFailed } from '../realEngineFailed.js';
import { untilOk } from '../untilOk.js';
import { waitUntilReady } from '../waitUntilReady.js';

const VERSION = '2.19.6';

export const OPENSEARCH: EngineRecipe = {
  name: 'OpenSearch',
  version: VERSION,
  artifacts: [
    `org.opensearch:opensearch:${VERSION}`,
    `org.opensearch.plugin:transport-netty4-client:${VERSION}`,
    // The server declares only log4j-api.
    'org.apache.logging.log4j:log4j-core:2.25.4',
  ],
  launchers: ['Guard', 'OpenSearchNode'],
};

export interface OpenSearchOptions {
  /** The data folder; created when missing. A restart on it keeps indices and ports. */
  dataDir: string;
  /** 0: a new port, chosen by the system. @default the port of the last start on this folder, else a new one */
  port?: number;
  /** Settings of opensearch.yml that override the built-in ones. */
  settings?: Readonly<Record<string, string>>;
  /** Called with the progress of the first start, which downloads OpenSearch. */
  onProgress?: OnProgress;
  /** Called when the node ends without `stop` or `kill`. */
  onFatal?: (error: RealEngineFailed) => void;
}

export interface OpenSearch {
  /** `http://127.0.0.1:<port>`, the value of OPENSEARCH_URL. */
  url: string;
  port: number;
  version: string;
  pid: number;
  /** Ends the node in order. */
  stop(): Promise<void>;
  /** Ends the node with SIGKILL. */
  kill(): Promise<void>;
}

/**
 * Starts an OpenSearch node on 127.0.0.1, without authentication, and resolves once it serves requests. The first start
 * downloads it with Maven.
 * @throws RealEngineFailed with the node's last lines; nothing is left running then.
 */
export const startOpenSearch = async (options: OpenSearchOptions): Promise<OpenSearch> => {
  const { onProgress = () => undefined } = options;
  const installation = await installEngine(OPENSEARCH, onProgress);
  const train = async (dataDir: string, jvmOptions: readonly string[]) => {
    const node = await startInstalled(installation, { dataDir }, jvmOptions);
    await node.stop();
  };
  const jvmOptions = await classArchiveOptions(installation, LABEL, train, onProgress);
  return await startInstalled(installation, options, jvmOptions);
};

const LABEL = `${OPENSEARCH.name} ${VERSION}`;

const startInstalled = async (
  installation: Installation,
  { dataDir: folder, port, settings = {}, onFatal = () => undefined }: OpenSearchOptions,
  jvmOptions: readonly string[],
): Promise<OpenSearch> => {
  const dataDir = resolve(folder);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const launch = async (ports: { http: number; transport: number }): Promise<OpenSearch> => {
    const all = Object.entries({
      'cluster.name': 'local',
      'node.name': 'local',
      'discovery.type': 'single-node',
      'network.host': '127.0.0.1',
      'http.port': String(ports.http),
      'transport.port': String(ports.transport),
      // Otherwise a disk that is 90 % full refuses new indices.
      'cluster.routing.allocation.disk.threshold_enabled': 'false',
      ...settings,
    }).map(([name, value]) => `${name}=${value}`);
    const main = ['OpenSearchNode', dataDir, 'plugin:org.opensearch.transport.Netty4Plugin', ...all];
    const jvm = await startJvm({ label: LABEL, installation, dataDir, options: jvmOptions, main });
    const url = `http://127.0.0.1:${ports.http}`;
    await waitUntilReady(jvm, (signal) => untilOk(healthOf(url), signal));
    let ending = false;
    const end = (how: () => Promise<void>) => () => {
      ending = true;
      return how();
    };
    void jvm.ended.then((how) => ending || onFatal(jvm.failure(`ended unexpectedly (${how})`)));
    return { url, port: ports.http, version: VERSION, pid: jvm.pid, stop: end(jvm.stop), kill: end(jvm.kill) };
  };
  const fixed = port === undefined ? {} : { http: port };
  return await startOnPorts({ dataDir, names: ['http', 'transport'], fixed }, launch);
};

/** Answers with success once the health of the cluster is at least yellow. */
const healthOf = (url: string): string => `${url}/_cluster/health?wait_for_status=yellow&timeout=1s`;
