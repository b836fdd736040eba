import type { CheckpointStore } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Consumption } from '@ums/kit/message-source/messageSource';
import { CHECK_MS, type Check, type Readiness, readinessOf, upIfResolves } from '@ums/kit/readiness';
import { withTimeout } from '@ums/kit/withTimeout';
import type pg from 'pg';

/** How far the consumers are behind, if that is known. */
export interface ConsumerLag {
  lag: Record<string, number> | undefined;
  /** Whether messages are delivered, where that can be told apart from waiting. */
  checks?: Record<string, Check>;
}

export interface ReadinessDeps {
  pool: pg.Pool;
  vault: pg.Pool;
  eventLog: Pick<EventLog, 'head'>;
  /** Rejects while the lag cannot be measured. */
  lag(): Promise<ConsumerLag>;
}

/**
 * Ready while the event log and both databases answer, and messages are delivered. SES, the object storage and Kafka themselves are
 * not checked: while they are down, only mails and pictures wait. The lag is reported only.
 */
export const notifierReadiness =
  ({ pool, vault, eventLog, lag }: ReadinessDeps) =>
  async (): Promise<Readiness> => {
    const measured = withTimeout(CHECK_MS, lag()).catch((): ConsumerLag => ({ lag: undefined }));
    const [log, postgres, vaultCheck, consumers] = await Promise.all([
      upIfResolves(eventLog.head()),
      upIfResolves(pool.query('select 1')),
      upIfResolves(vault.query('select 1')),
      measured,
    ]);
    return readinessOf({ log, postgres, vault: vaultCheck, ...consumers.checks }, consumers.lag);
  };

/** On the event log: positions from the checkpoint that is furthest behind to the head of the log. */
export const lagOfCheckpoints =
  (pool: pg.Pool, eventLog: Pick<EventLog, 'head'>, checkpoints: readonly Pick<CheckpointStore, 'read'>[]) =>
  async (): Promise<ConsumerLag> => {
    const [end = 0n, ...reached] = await Promise.all([
      eventLog.head(),
      ...checkpoints.map(async (each) => (await each.read(pool))?.position ?? 0n),
    ]);
    return { lag: { positions: Math.max(...reached.map((position) => Number(end - position))) } };
  };

/** On Kafka: messages that are not finished. `behind` when a broker has messages that it does not deliver. */
export const lagOfGroups =
  (consumptions: readonly Pick<Consumption, 'progress'>[]) => async (): Promise<ConsumerLag> => {
    const progress = consumptions.flatMap((consumption) => consumption.progress?.() ?? []);
    const known = progress.flatMap(({ lag }) => lag ?? []);
    const messages = known.reduce((sum, lag) => sum + lag, 0);
    return {
      lag: known.length === 0 ? undefined : { messages },
      checks: { messages: progress.some(({ isStalled }) => isStalled) ? 'behind' : 'up' },
    };
  };
