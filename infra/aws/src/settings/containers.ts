/** Environments of Elastic Beanstalk, each with its own instances and role. */
export const FLEETS = ['api', 'projector', 'notifier', 'notary'] as const;

export type FleetName = (typeof FLEETS)[number];

export interface Container {
  name: string;
  fleet: FleetName;
  /** Program of the image. */
  program: string;
  memoryMb: number;
  /** Size of `/tmp`, where uploads wait. */
  scratchMb: number;
  /** Variables that are secrets, with their names in Secrets Manager below the environment. */
  secrets: Readonly<Record<string, string>>;
  /** Those of them that may be replaced while the old value, in `<name>_PREVIOUS`, still counts. */
  replaceable: readonly string[];
  /** Whether it publishes to Kafka or consumes from it. */
  usesKafka: boolean;
}

const own = (...variables: string[]): Record<string, string> =>
  Object.fromEntries(variables.map((variable) => [variable, variable]));

/** URLs of a role of Postgres. The URL holds the password. */
const urls = (role: string, ...variables: string[]): Record<string, string> =>
  Object.fromEntries(variables.map((variable) => [variable, `${role}/${variable}`]));

/** The containers of the services, with the memory that docker-compose.yml gives them. No container gets another one's secrets. */
export const CONTAINERS: readonly Container[] = [
  {
    name: 'command-api',
    fleet: 'api',
    program: 'command-api/dist/main.js',
    memoryMb: 768,
    scratchMb: 256,
    secrets: {
      ...own('EVENTSTORE_URL', 'MASTER_KEY', 'ADDRESS_KEY', 'MAIL_TOKEN_KEY'),
      ...own('PASSWORD_PEPPER', 'REFRESH_TOKEN_KEY', 'ACCESS_TOKEN_KEY'),
      ...urls('command', 'DATABASE_URL', 'VAULT_DATABASE_URL'),
    },
    replaceable: ['MASTER_KEY', 'MAIL_TOKEN_KEY', 'PASSWORD_PEPPER', 'REFRESH_TOKEN_KEY', 'ACCESS_TOKEN_KEY'],
    usesKafka: false,
  },
  {
    name: 'query-api',
    fleet: 'api',
    program: 'query-api/dist/main.js',
    memoryMb: 384,
    scratchMb: 64,
    secrets: { ...own('EVENTSTORE_URL', 'MASTER_KEY'), ...urls('query', 'DATABASE_URL', 'VAULT_DATABASE_URL') },
    replaceable: ['MASTER_KEY'],
    usesKafka: false,
  },
  {
    name: 'projector',
    fleet: 'projector',
    program: 'projector/dist/main.js',
    memoryMb: 512,
    scratchMb: 64,
    secrets: { ...own('EVENTSTORE_URL', 'MASTER_KEY'), ...urls('projector', 'DATABASE_URL', 'VAULT_DATABASE_URL') },
    replaceable: ['MASTER_KEY'],
    usesKafka: true,
  },
  {
    name: 'notifier',
    fleet: 'notifier',
    program: 'notifier/dist/main.js',
    memoryMb: 1024,
    scratchMb: 64,
    secrets: {
      ...own('EVENTSTORE_URL', 'MASTER_KEY', 'ADDRESS_KEY', 'MAIL_TOKEN_KEY'),
      ...urls('notifier', 'DATABASE_URL', 'VAULT_DATABASE_URL'),
    },
    replaceable: ['MASTER_KEY'],
    usesKafka: true,
  },
  {
    name: 'notary',
    fleet: 'notary',
    program: 'notary/dist/main.js',
    memoryMb: 384,
    scratchMb: 64,
    secrets: { ...own('EVENTSTORE_URL', 'NOTARY_KEY'), ...urls('notary', 'DATABASE_URL', 'VAULT_DATABASE_URL') },
    replaceable: ['NOTARY_KEY'],
    usesKafka: true,
  },
];

export const containersOf = (fleet: FleetName): readonly Container[] =>
  CONTAINERS.filter((container) => container.fleet === fleet);
