import { setTimeout as sleep } from 'node:timers/promises';
import { USER_PROFILE_PROJECTION } from '@ums/contracts/reducers/userProfile';
import pg from 'pg';

/** How to reach a running service. */
export interface ServiceEndpoints {
  /** Base URL of the API. */
  api: string;
  /** URL of the inbox. */
  inbox: string;
  /** A superuser's URL of the database `users`. */
  users: string;
  /** `PASSWORD_HASH` of the service; baselines hash with the same parameters. */
  passwordHash: string;
  /** CPU time so far of all processes of the service and its engines, without the client, in ms. */
  cpu(): Promise<number>;
}

/** How much of the work the service has done. */
export interface Progress {
  /** Mails sent since the first start of the service. */
  mails: number;
  /** Checkpoint of the read model. */
  position: bigint;
}

export interface MeasuredService extends ServiceEndpoints {
  progress(): Promise<Progress>;
  close(): Promise<void>;
}

export const openMeasuredService = async (endpoints: ServiceEndpoints): Promise<MeasuredService> => {
  const client = new pg.Client({ connectionString: endpoints.users });
  await client.connect();
  return {
    ...endpoints,
    progress: async () => {
      const { rows } = await client.query<{ mails: number; position: string | null }>(
        `select (select count(*)::int from notifier.mail where state = 'sent') as mails,
                (select position from read.checkpoint where name = $1) as position`,
        [USER_PROFILE_PROJECTION],
      );
      return { mails: rows[0]?.mails ?? 0, position: BigInt(rows[0]?.position ?? -1) };
    },
    close: () => client.end(),
  };
};

/** The URL of the database `users`, from a superuser's URL of the embedded Postgres. */
export const usersUrlOf = (postgres: string): string => Object.assign(new URL(postgres), { pathname: '/users' }).href;

const LONGEST_WAIT_MS = 60_000;
const POLL_MS = 10;

/** Waits until the service has sent so many mails and projected up to a position. @throws Error when it takes too long */
export const waitForProgress = async (
  { progress }: Pick<MeasuredService, 'progress'>,
  { mails = 0, position = -1n }: Partial<Progress>,
  longestWaitMs = LONGEST_WAIT_MS,
): Promise<void> => {
  for (const end = performance.now() + longestWaitMs; ; await sleep(POLL_MS)) {
    const now = await progress();
    if (now.mails >= mails && now.position >= position) return;
    if (performance.now() > end)
      throw new Error(
        `expected ${mails} mails and position ${position}, service is at ${now.mails} and ${now.position}`,
      );
  }
};
