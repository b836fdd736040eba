import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const CHART = join(import.meta.dirname, '..', 'chart');

/** The text of a file of the chart. */
export const readChart = (path: string): string => readFileSync(join(CHART, path), 'utf8');

/** An entry of files/services.yaml. */
export interface ServiceFacts {
  serves: 'api' | 'work';
  secrets: readonly string[];
  optionalSecrets: readonly string[];
  settings: readonly string[];
  reaches: readonly string[];
  temporaryFiles?: string;
  scalesOn?: { metric: string; average: string; needs?: string };
}

export const SERVICES = ['command-api', 'query-api', 'projector', 'notifier', 'notary'] as const;
export type ServiceName = (typeof SERVICES)[number];

export const serviceFacts = parse(readChart('files/services.yaml')) as Readonly<Record<ServiceName, ServiceFacts>>;

/** What `settings` must have, by values.schema.json. */
export const requiredSettings: readonly string[] = JSON.parse(readChart('values.schema.json')).properties.settings
  .required;

/** Variables that the chart itself sets, by service. */
export const setByChart = (name: ServiceName): string[] => [
  ...['HOST', 'METRICS_PORT'],
  ...(serviceFacts[name].serves === 'api' ? ['PORT', 'TRUSTED_PROXIES'] : []),
  ...(name === 'query-api' ? ['ACCESS_TOKEN_JWKS'] : []),
];
