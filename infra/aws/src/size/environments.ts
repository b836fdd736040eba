export const ENVIRONMENTS = ['development', 'test', 'staging', 'production'] as const;

export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** Instances of one environment of Elastic Beanstalk. */
export interface FleetSize {
  instance: string;
  min: number;
  /** While a deployment runs, there are up to twice as many. */
  max: number;
}

export interface EnvironmentSize {
  /** Host of the API. Pictures are at `pictures.<domain>`, mail comes from `no-reply@<domain>`. */
  domain: string;
  /** Availability zones. A quorum of three survives the loss of a zone only where each member has a zone of its own. */
  zones: 2 | 3;
  api: FleetSize;
  projector: FleetSize;
  notifier: FleetSize;
  notary: FleetSize;
  postgres: { instance: string; storageGb: number; multiAz: boolean };
  eventStore: { instance: string; nodes: 1 | 3; volumeGb: number };
  /** `brokers` is a multiple of `zones`. */
  kafka: { instance: string; brokers: number; volumeGb: number };
  search: { instance: string; nodes: number; volumeGb: number };
  /** How long backups of any store are kept; receipts of erasures promise this number, so nothing may keep them for longer. */
  backupDays: number;
  logDays: number;
  /** Days for which nobody can delete a checkpoint of the notary. */
  checkpointLockDays: number;
  /** Requests that one address may send within five minutes before the firewall blocks it. */
  requestsPerSource: number;
  /** Whether stores refuse to be deleted with their stack. */
  protected: boolean;
}

const single = (instance: string): FleetSize => ({ instance, min: 1, max: 1 });

const SMALL = {
  zones: 2,
  api: single('t3.medium'),
  projector: single('t3.small'),
  notifier: single('t3.small'),
  notary: single('t3.small'),
  postgres: { instance: 'db.t4g.small', storageGb: 20, multiAz: false },
  eventStore: { instance: 't3.medium', nodes: 1, volumeGb: 20 },
  kafka: { instance: 'kafka.t3.small', brokers: 2, volumeGb: 20 },
  search: { instance: 't3.small.search', nodes: 2, volumeGb: 20 },
  backupDays: 7,
  logDays: 14,
  checkpointLockDays: 1,
  requestsPerSource: 2_000,
  protected: false,
} as const;

/** What each environment consists of: the one file to edit before a deployment. Costs by size are in README.md. */
export const SIZES: Readonly<Record<EnvironmentName, EnvironmentSize>> = {
  development: { ...SMALL, domain: 'development.users.example.org' },
  test: { ...SMALL, domain: 'test.users.example.org' },
  staging: {
    ...SMALL,
    domain: 'staging.users.example.org',
    zones: 3,
    api: { instance: 't3.medium', min: 2, max: 4 },
    postgres: { instance: 'db.t4g.medium', storageGb: 50, multiAz: true },
    eventStore: { instance: 't3.medium', nodes: 3, volumeGb: 50 },
    kafka: { instance: 'kafka.t3.small', brokers: 3, volumeGb: 50 },
    search: { instance: 't3.small.search', nodes: 3, volumeGb: 30 },
    backupDays: 30,
    protected: true,
  },
  production: {
    domain: 'users.example.org',
    zones: 3,
    api: { instance: 'c7i.large', min: 3, max: 12 },
    projector: { instance: 'c7i.large', min: 2, max: 2 },
    notifier: { instance: 't3.medium', min: 2, max: 4 },
    notary: { instance: 't3.medium', min: 1, max: 1 },
    postgres: { instance: 'db.m7g.large', storageGb: 200, multiAz: true },
    eventStore: { instance: 'm7i.large', nodes: 3, volumeGb: 500 },
    kafka: { instance: 'kafka.m7g.large', brokers: 3, volumeGb: 200 },
    search: { instance: 'm7g.large.search', nodes: 3, volumeGb: 200 },
    backupDays: 30,
    logDays: 30,
    checkpointLockDays: 365,
    requestsPerSource: 2_000,
    protected: true,
  },
};
