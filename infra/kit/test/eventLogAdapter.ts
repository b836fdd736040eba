import { randomUUID } from 'node:crypto';
import { deadMessageBox } from '@ums/kit/dead-letters/deadMessageTable';
import { eventLogSource } from '@ums/kit/message-source/eventLogSource';
import type pg from 'pg';
import type { SourceAdapter } from './consumerTestbed.js';

/** The source that follows the event log, with the table of dead messages. */
export const eventLogAdapter = (): SourceAdapter => {
  let pool: pg.Pool;
  return {
    source: (options) => eventLogSource({ ...options, redriveEveryMs: 5 }),
    begin: async (_, of) => {
      pool = of;
    },
    deliver: async () => undefined,
    hasReached: async ({ position }) => {
      const { rows } = await pool.query('select position from notifier.checkpoint');
      return rows[0]?.position === String(position);
    },
    deadLetters: () => deadMessageBox({ pool, schema: 'notifier' }),
    refuseDeadLetters: async () => {
      await pool.query('alter table notifier.dead_message rename to away');
      return async () => {
        await pool.query('alter table notifier.away rename to dead_message');
      };
    },
    newUserId: randomUUID,
  };
};
