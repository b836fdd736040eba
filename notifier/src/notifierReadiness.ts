import type { CheckpointStore } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { type Readiness, readinessOf, upIfResolves } from '@ums/kit/readiness';
import type pg from 'pg';

export interface ReadinessDeps {
  pool: pg.Pool;
  vault: pg.Pool;
  eventLog: Pick<EventLog, 'head'>;
  /** One for each consumer. */
  checkpoints: readonly Pick<CheckpointStore, 'read'>[];
}

/**
 * Ready while the event log and both databases answer. SES is not checked: while it is down, only mails wait. The lag is
 * reported only: positions from the checkpoint that is furthest behind to the head of the log.
 */
export const notifierReadiness =
  ({ pool, vault, eventLog, checkpoints }: ReadinessDeps) =>
  async (): Promise<Readiness> => {
    let lag: Record<string, number> | undefined;
    const head = eventLog.head();
    const positions = Promise.all(checkpoints.map(async (each) => (await each.read(pool))?.position ?? 0n));
    const measured = Promise.all([head, positions]).then(([end = 0n, reached]) => {
      lag = { positions: Math.max(...reached.map((position) => Number(end - position))) };
    });
    const [log, postgres, vaultCheck] = await Promise.all([
      upIfResolves(head),
      upIfResolves(positions),
      upIfResolves(vault.query('select 1')),
      upIfResolves(measured),
    ]);
    return readinessOf({ log, postgres, vault: vaultCheck }, lag);
  };
