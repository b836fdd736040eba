import { readConfig as commandConfig } from '@ums/command-api/config';
import { ConfigFault, type Environment } from '@ums/kit/env';
import { readConfig as notifierConfig } from '@ums/notifier/config';
import { readConfig as projectorConfig } from '@ums/projector/config';
import { readConfig as queryConfig } from '@ums/query-api/config';
import { type EmbeddedConfig, readConfig } from './config.js';
import { newSecrets } from './dataFolder/secrets.js';
import { type EngineAddresses, environments } from './environments.js';

/** Stands in for what the engines will give, of the right form. */
const anyEngines = (): EngineAddresses => ({
  secrets: { environment: newSecrets() },
  inbox: 'http://127.0.0.1',
  eventLog: 'esdb://127.0.0.1',
  vaultFor: () => 'postgres://127.0.0.1/vault',
  usersFor: () => 'postgres://127.0.0.1/users',
});

/**
 * The configuration of the whole service, before an engine is started.
 * @throws ConfigFault listing all faults, those of the services' own settings among them.
 */
export const readSettings = (env: Environment): EmbeddedConfig => {
  const of = environments(anyEngines(), { env, publicUrl: 'http://127.0.0.1', jwks: 'jwks.json' });
  const faults = [
    ...faultsOf(() => readConfig(env)),
    ...faultsOf(() => commandConfig(of['command-api'])),
    ...faultsOf(() => projectorConfig(of.projector)),
    ...faultsOf(() => notifierConfig(of.notifier)),
    ...faultsOf(() => queryConfig(of['query-api'])),
  ];
  if (faults.length > 0) throw new ConfigFault([...new Set(faults)]);
  const config = readConfig(env);
  const collisions = portsTwice(config);
  if (collisions.length > 0) throw new ConfigFault(collisions);
  return config;
};

/** 0 is nobody's. */
const portsTwice = ({ HOST, PORT, INBOX_PORT, METRICS_PORT }: EmbeddedConfig): string[] => {
  // The inbox is on 127.0.0.1 whatever HOST is.
  const inbox = /^(127\.0\.0\.1|localhost|0\.0\.0\.0|::)$/.test(HOST) ? { INBOX_PORT } : {};
  const ports = Object.entries({ PORT, ...inbox, METRICS_PORT }).filter(([, port]) => port !== 0);
  return ports.flatMap(([name, port], index) => {
    const first = ports.slice(0, index).find(([, other]) => other === port);
    return first === undefined ? [] : [`${name} must be another port than ${first[0]}`];
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
