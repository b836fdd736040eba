import type { CheckpointStore } from '@ums/kit/event-log/checkpointStore';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { answered, type Readiness, readinessOf } from '@ums/kit/readiness';
import type pg from 'pg';

export interface ReadinessDeps {
  pool: pg.Pool;
  vault: pg.Pool;
  eventLog: Pick<EventLog, 'head'>;
  checkpoint: Pick<CheckpointStore, 'read'>;
}

/**
 * Whether what mails need is there. SES is not asked: a mail waits for it, and no other work does. The lag, from the
 * checkpoint to the head, is only reported.
 */
export const notifierReadiness =
  ({ pool, vault, eventLog, checkpoint }: ReadinessDeps) =>
  async (): Promise<Readiness> => {
    let lag: Record<string, number> | undefined;
    const head = eventLog.head();
    const position = checkpoint.read(pool).then((found) => found?.position ?? 0n);
    const measured = Promise.all([head, position]).then(([at, reached]) => {
      lag = { positions: Number((at ?? 0n) - reached) };
    });
    const [log, postgres, vaultCheck] = await Promise.all([
      answered(head),
      answered(position),
      answered(vault.query('select 1')),
      answered(measured),
    ]);
    return readinessOf({ log, postgres, vault: vaultCheck }, lag);
  };
