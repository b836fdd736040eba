import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A running service and where it is. */
export interface Whereabouts {
  /** Base URL of the API. */
  api: string;
  /** URL of the inbox. */
  inbox: string;
  /** A superuser's URL of the database `users`. */
  users: string;
  /** `PASSWORD_HASH` of the service: the bare hash beside it is made with the same parameters. */
  passwordHash: string;
  /** Cpu-ms so far of all processes of the service, engines included; not of the client that puts it under load. */
  cpu(): Promise<number>;
}

/** How far the service has come with what was sent to it. */
export interface Progress {
  /** Mails sent since the service's first start. */
  mails: number;
  /** Position of the log that the read model has reached. */
  position: bigint;
}

/** The service as the load sees it. */
export interface Stage extends Whereabouts {
  progress(): Promise<Progress>;
  close(): Promise<void>;
}

export const openStage = async (where: Whereabouts): Promise<Stage> => {
  const client = new pg.Client({ connectionString: where.users });
  await client.connect();
  return {
    ...where,
    progress: async () => {
      const { rows } = await client.query<{ mails: number; position: string | null }>(
        `select (select count(*)::int from notifier.mail where state = 'sent') as mails,
                (select position from read.checkpoint) as position`,
      );
      return { mails: rows[0]?.mails ?? 0, position: BigInt(rows[0]?.position ?? -1) };
    },
    close: () => client.end(),
  };
};

const PATIENCE_MS = 60_000;
const PAUSE_MS = 10;

/** Waits until everything sent so far has had its effect. */
export const settled = async (
  { progress }: Pick<Stage, 'progress'>,
  { mails = 0, position = -1n }: Partial<Progress>,
  patienceMs = PATIENCE_MS,
): Promise<void> => {
  for (const end = performance.now() + patienceMs; ; await sleep(PAUSE_MS)) {
    const now = await progress();
    if (now.mails >= mails && now.position >= position) return;
    if (performance.now() > end) throw new Error('what was sent to the service did not take effect in time');
  }
};
