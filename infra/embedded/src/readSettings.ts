import { readConfig as commandConfig } from '@ums/command-api/config';
import { ConfigFault, type Environment } from '@ums/kit/env';
import { readConfig as notaryConfig } from '@ums/notary/config';
import { readConfig as notifierConfig } from '@ums/notifier/config';
import { readConfig as projectorConfig } from '@ums/projector/config';
import { readConfig as queryConfig } from '@ums/query-api/config';
import { type EmbeddedConfig, readConfig } from './config.js';
import { newSecrets } from './dataFolder/secrets.js';
import { type EngineAddresses, environments } from './environments.js';

/** Well-formed placeholders, because the engines are not running yet. */
const placeholderEngines = (): EngineAddresses => ({
  dataDir: 'data',
  secrets: { environment: newSecrets() },
  inbox: 'http://127.0.0.1',
  objectStorage: {
    endpoint: 'http://127.0.0.1',
    region: 'us-east-1',
    bucket: 'user-files',
    credentials: { accessKeyId: 'placeholder', secretAccessKey: 'placeholder-secret' },
  },
  eventLog: 'esdb://127.0.0.1?tls=false',
  vaultFor: () => 'postgres://127.0.0.1/vault',
  usersFor: () => 'postgres://127.0.0.1/users',
});

/**
 * Checks the configuration of the process and of all services before any engine starts.
 * @returns the settings of the process itself.
 * @throws ConfigFault listing all faults, including those of the services' settings.
 */
export const readSettings = (env: Environment): EmbeddedConfig => {
  const serviceEnvironments = environments(placeholderEngines(), {
    env,
    publicUrl: 'http://127.0.0.1',
    jwks: 'jwks.json',
  });
  const faults = [
    ...faultsOf(() => readConfig(env)),
    ...faultsOf(() => commandConfig(serviceEnvironments['command-api'])),
    ...faultsOf(() => projectorConfig(serviceEnvironments.projector)),
    ...faultsOf(() => notifierConfig(serviceEnvironments.notifier)),
    ...faultsOf(() => notaryConfig({ ...serviceEnvironments.notary })),
    ...faultsOf(() => queryConfig(serviceEnvironments['query-api'])),
  ];
  if (faults.length > 0) throw new ConfigFault([...new Set(faults)]);
  const config = readConfig(env);
  const duplicates = duplicatePorts(config);
  if (duplicates.length > 0) throw new ConfigFault(duplicates);
  return config;
};

/** Port 0 never collides: the system chooses. */
const duplicatePorts = ({ HOST, PORT, INBOX_PORT, METRICS_PORT }: EmbeddedConfig): string[] => {
  // The inbox always listens on 127.0.0.1, so it only collides where HOST includes that address.
  const inbox = /^(127\.0\.0\.1|localhost|0\.0\.0\.0|::)$/.test(HOST) ? { INBOX_PORT } : {};
  const ports = Object.entries({ PORT, ...inbox, METRICS_PORT }).filter(([, port]) => port !== 0);
  return ports.flatMap(([name, port], index) => {
    const first = ports.slice(0, index).find(([, other]) => other === port);
    return first === undefined ? [] : [`${name} must differ from ${first[0]}`];
  });
};

const faultsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
};
