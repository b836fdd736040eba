import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Readiness } from '@ums/kit/runningService';
import type pg from 'pg';

export interface ReadinessDeps {
  pool: pg.Pool;
  vault: pg.Pool;
  eventLog: Pick<EventLog, 'head'>;
  consumer: string;
}

/**
 * Whether what mails need is there. SES is not asked: a mail waits for it, and so does nobody else. The lag, from the
 * checkpoint to the head, is reported only.
 */
export const notifierReadiness =
  ({ pool, vault, eventLog, consumer }: ReadinessDeps) =>
  async (): Promise<Readiness> => {
    const [head, position, vaultAnswers] = await Promise.all([
      answer(eventLog.head()),
      answer(checkpointOf(pool, consumer)),
      answer(vault.query('select 1')),
    ]);
    const checks = { log: upOr(head), postgres: upOr(position), vault: upOr(vaultAnswers) };
    const ready = Object.values(checks).every((check) => check === 'up');
    if (!('value' in head && 'value' in position)) return { ready, checks };
    return { ready, checks, lag: { positions: Number((head.value ?? 0n) - position.value) } };
  };

const checkpointOf = async (pool: pg.Pool, consumer: string): Promise<bigint> => {
  const sql = 'select position from notifier.checkpoint where name = $1';
  const { rows } = await pool.query<{ position: string }>(sql, [consumer]);
  return BigInt(rows[0]?.position ?? 0);
};

type Answer<T> = { value: T } | { failed: true };

const answer = <T>(asked: Promise<T>): Promise<Answer<T>> =>
  asked.then(
    (value) => ({ value }),
    () => ({ failed: true }),
  );

const upOr = (given: Answer<unknown>): 'up' | 'down' => ('value' in given ? 'up' : 'down');
