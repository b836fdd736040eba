import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '@ums/kit/env';
import { parse } from 'yaml';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** The parts of a service that tests read. */
export interface ComposeService {
  image: string;
  build?: string;
  command?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  ports?: readonly string[];
  volumes?: readonly string[];
  networks?: Readonly<Record<string, { ipv4_address: string }>> | readonly string[];
  depends_on?: Readonly<Record<string, { condition: string }>>;
  healthcheck?: { test?: readonly string[]; disable?: boolean };
  mem_limit?: string;
  read_only?: boolean;
  cap_drop?: readonly string[];
}

export interface ComposeFile {
  services: Readonly<Record<string, ComposeService>>;
  networks: { edge: { ipam: { config: readonly { subnet: string; ip_range: string }[] } } };
  volumes: Readonly<Record<string, unknown>>;
}

/** The text of a file, by its path from the root of the repository. */
export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export const composeText = readText('docker-compose.yml');

/** The file with its anchors resolved; references to variables are kept. */
export const composeFile = parse(composeText, { merge: true }) as ComposeFile;

/** The services whose program is of this repository. */
export const PROGRAMS = ['command-api', 'query-api', 'projector', 'notifier', 'notary', 'databases'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/** @throws Error when the file has no such service */
export const serviceOf = (name: string): ComposeService => {
  const service = composeFile.services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
};

/** Replaces `${NAME:-default}` and `${NAME:?message}` as Docker Compose does. @throws Error when a required variable is empty */
const interpolated = (text: string, env: Environment): string =>
  text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_reference, name: string, operator: string, rest: string) => {
    const value = env[name] || (operator === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`${name} is not set`);
    return value;
  });

/** The environment of a container, given the variables of `.env`. */
export const environmentOf = (name: string, env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(serviceOf(name).environment ?? {}).map(([variable, value]) => [variable, interpolated(value, env)]),
  );
