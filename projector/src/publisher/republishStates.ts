import { stateRecord } from '@ums/contracts/kafka/stateRecord';
import type { RecordProducer } from '@ums/kit/kafka/producer';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { statesAfter } from './publicStates.js';
import { publisherCheckpoint } from './publishBatch.js';

const STATES_PER_PAGE = 500;

/**
 * Sends the current state of every user, erased ones included, to the state topic again, while the publisher runs. The lock on
 * its checkpoint keeps it from sending a newer state of the same user in between, which the older one would then replace.
 *
 * @param send must be transactional, so that a send that was given up cannot take effect later.
 * @param onProgress called after each page with the number of records so far.
 * @returns the number of records.
 * @throws Superseded when the publisher has never run; errors of Postgres and of `send`.
 */
export const republishStates = async (
  pool: pg.Pool,
  send: RecordProducer['send'],
  onProgress: (records: number) => void,
): Promise<number> => {
  let records = 0;
  let after: string | undefined;
  for (;;) {
    const page = await withTransaction(pool, async (tx) => {
      await publisherCheckpoint().lock(tx);
      const states = await statesAfter(tx, after, STATES_PER_PAGE);
      if (states.length > 0) await send(states.map(({ origin, state }) => stateRecord(origin, state)));
      return states;
    });
    if (page.length === 0) return records;
    after = page.at(-1)?.origin.userId;
    records += page.length;
    onProgress(records);
  }
};
